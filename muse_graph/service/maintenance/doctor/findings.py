"""What the doctor looks for, each check with the rule it checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from muse_graph.service.field_rules import MAX_PLAYS

__all__ = ["RULES", "Finding", "Severity", "finding"]

#: An error breaks a promise of the graph; a note is something to know that answers allow for.
Severity = Literal["error", "note"]


@dataclass(frozen=True)
class Finding:
    """One rule that is broken.

    Attributes:
        check: name of the check, a key of `RULES`
        count: how often the rule is broken
        example: ids of one place
        repaired: whether it was put right
        rule: the rule as a sentence
        severity: whether a promise is broken
        remedy: what to do about it, empty where nothing is left to do
    """

    check: str
    count: int
    example: str
    repaired: bool
    rule: str
    severity: Severity
    remedy: str = ""


def finding(check: str, count: int, example: str, *, repaired: bool) -> Finding:
    """A finding with the rule and the severity of its check."""
    severity: Severity = "note" if check in _NOTES else "error"
    remedy = "" if repaired else _REMEDIES.get(check, "").format(example=example)
    return Finding(check, count, example, repaired, RULES[check], severity, remedy)


RULES = {
    "unfinished load": "no load is unfinished: the same command loads the rest, --repair goes on without it",
    "unfinished erasure": "no erasure of a user is unfinished: --repair goes on with it",
    # Nodes.
    "User.user_id": "user_id is a string, not empty",
    "User.key": "the key of a user is computed from user_id",
    "User.name": "the name of a user is a string or missing",
    "User.listens_visible_to": "listens_visible_to is a string or missing",
    "Track.track_id": "track_id is a string, not empty",
    "Track.key": "the key of a track is computed from track_id",
    "Track.title": "the title of a track is a string",
    "Track description": "duration_s is a float, language, mbid and isrc are strings, or they are missing",
    "Track.features": "features are finite floats, the same number for each track that has any, or missing",
    "Track by an artist": "a track is by at least one artist",
    "Artist.artist_id": "artist_id is a string, not empty",
    "Artist.name": "the name of an artist is a string",
    "Genre.genre_id": "genre_id is a string, not empty",
    "Genre.key": "the key of a genre is computed from genre_id",
    "Genre.name": "the name of a genre is a string",
    "Country.code": "the code of a country is ISO 3166-1 alpha-2 in capitals, or ZZ for unknown",
    "Country.name": "the name of a country is a string",
    "Country in use": "a user, listen, artist or influencer uses each country",
    "Influencer.influencer_id": "influencer_id is a string, not empty",
    "Influencer.handle": "the handle of an influencer is a string",
    "Influencer figures": "avg_likes is a float, followers an integer, or they are missing",
    # Relationships.
    "ends of relationships": "a relationship links nodes of the labels that its type allows",
    "PLAYED.listen_id": "listen_id is a string, not empty",
    "PLAYED.plays": f"plays is an integer in 1..{MAX_PLAYS:,}",
    "plays of a pair": f"the plays of a user and a track add up to at most {MAX_PLAYS:,}",
    "negative zero": "a share heard of zero is 0.0, not -0.0",
    "older text": "ids, names, tags and sources keep the rules of docs/files.md; others can still be read",
    "field values": "numbers, times, countries and codes keep the rules of docs/files.md",
    "PLAYED.heard": "heard is a float in 0..1, or missing",
    "PLAYED.heard_at_least": "heard_at_least is a float in 0..1, or missing, as it is where heard is there",
    "PLAYED.listened_at": "listened_at is a time with a zone, or missing",
    "PLAYED.country": "the country of a listen is a code",
    "PLAYED.source": "the source of a listen is a string or missing",
    "PLAYED aggregate": "a listen of several plays has no time",
    "country of a listen": "the country of a listen is in the graph",
    "SAVED or DISCARDED": "a user has either saved or discarded a track, once; the latest feedback counts",
    "SAVED or DISCARDED.at": "a save and a discard have a time with a zone",
    "TAGGED.tag": "a tag is a string",
    "IN_GENRE.rank": "the genres of a track are ranked 1, 2, 3 and so on",
    "REACHES.share": "the share of an audience is a float in 0..1, or missing",
    "LIVES_IN once": "a user lives in one country; --repair keeps that of most listens, then the first",
    "BASED_IN once": "artists and influencers are based in one country; --repair keeps that of most reach, "
    "then the first",
    "links once": "a user has a genre, a country, a tag of an artist, an influencer, or another user once",
    "track links once": "a track is by an artist and in a genre once",
    "FRIENDS_WITH once": "a friendship is one relationship",
    "FRIENDS_WITH oneself": "a user is not their own friend",
    "FRIENDS_WITH and BLOCKED": "a block ends a friendship",
    "FRIENDS_WITH.since": "since is a time with a zone, or missing",
    "FOLLOWS.since": "since is a time with a zone, or missing",
    "SIMILAR_TO": "SIMILAR_TO leads to another listener, with a weight in 0..1; training rewrites it",
    "SentTrack.sent_id": "sent_id is a string, not empty",
    "SentTrack times": "at is a time with a zone, seen_at one or missing",
    "SentTrack.note": "the note of a track that was sent is a line of text or missing",
    "SentTrack ends": "a track that was sent has one sender, one receiver, another user, and one track",
    # What is derived.
    "derived values": "what is derived from facts that break a rule is compared once they are corrected",
    "LISTENED": "LISTENED sums the listens of a user and a track: plays, share heard, last time",
    "PLAYS_GENRE": "PLAYS_GENRE counts the streams of a genre, a like as one",
    "Track counters": "plays and listeners of a track are those of its listens",
    "Artist.plays": "plays of an artist are those of the artist's tracks",
    "HEARD_IN names": "a month names the track and the country that it links",
    "HEARD_IN": "the months of a track in a country add up its listens there, day by day",
    "User.profile": "profile and recent of a user have the tracks the user listened to",
    "Track.search_text": "the search text of a track is computed from its title",
    "Artist.search_text": "the search text of an artist is computed from the name",
    "Genre.search_text": "the search text of a genre is computed from its name",
    "User.search_text": "the search text of a user is computed from the name",
    "radar plays": "the most plays of an artist under the radar are refreshed by a load",
    "pool not refreshed": "genres that qualify are recorded as DISCOVERS; until then they count when read",
}
_NOTES = frozenset({"Country in use", "PLAYED aggregate", "radar plays", "pool not refreshed", "older text"})

_FACT = (
    "nothing tells the right value: set it in Neo4j Browser (`muse-graph neo4j browser`), "
    "then run `muse-graph doctor --repair`"
)
_LISTEN = (
    "correct or delete the relationship PLAYED whose listen_id is {example!r}, and those like it, in Neo4j "
    "Browser (`muse-graph neo4j browser`); then run `muse-graph doctor --repair`"
)
_BY_REPAIR = (
    *("negative zero", "country of a listen", "SAVED or DISCARDED", "links once", "track links once"),
    *("LIVES_IN once", "BASED_IN once"),
    *("FRIENDS_WITH once", "FRIENDS_WITH oneself", "FRIENDS_WITH and BLOCKED"),
    *("LISTENED", "PLAYS_GENRE", "Track counters", "Artist.plays", "HEARD_IN names", "HEARD_IN"),
    *("User.profile", "radar plays", "pool not refreshed"),
    *("Track.search_text", "Artist.search_text", "Genre.search_text", "User.search_text"),
)
#: What to do about a finding that is not repaired; the example is the id of one place.
_REMEDIES = (
    dict.fromkeys(RULES, _FACT)
    | dict.fromkeys(_BY_REPAIR, "run `muse-graph doctor --repair`")
    | dict.fromkeys(
        ("PLAYED.plays", "PLAYED.heard", "PLAYED.heard_at_least", "PLAYED.listened_at", "PLAYED.country"),
        _LISTEN,
    )
    | {
        "PLAYED.source": _LISTEN,
        "unfinished load": "run the same `muse-graph load` again, or `muse-graph doctor --repair`",
        "unfinished erasure": "run `muse-graph doctor --repair`, or the same `muse-graph erase` again",
        "derived values": "correct these facts, then run `muse-graph doctor --repair`",
        "SIMILAR_TO": "run `muse-graph train`",
        "older text": "",
        "Country in use": "",
        "PLAYED aggregate": "",
    }
)
