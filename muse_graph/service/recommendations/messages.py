"""The sentences of reasons."""

from __future__ import annotations

import math

from muse_graph.answers import Source, left_early

__all__ = [
    "sentence_for_best_tracks",
    "sentence_for_discards",
    "sentence_for_dismissed",
    "sentence_for_friend",
    "sentence_for_genre",
    "sentence_for_others",
    "sentence_for_own",
    "sentence_for_radar",
    "sentence_for_share",
    "sentence_for_shared_tracks",
    "sentence_for_similar_listeners",
    "sentence_for_source",
    "sentence_for_taste",
    "sentence_for_waiting",
    "share_text",
]


def share_text(heard: float) -> str:
    """How much of a track was heard; empty if the share is unknown."""
    if math.isnan(heard):
        return ""
    share = f"{round(100 * heard)} % of it"
    return f", but heard only {share}" if left_early(heard) else f" and heard {share}"


def sentence_for_friend(name: str, plays: int, heard: float) -> str:
    """A friend played it: how often, and how much of it."""
    often = "once" if plays == 1 else f"{plays:,} times"
    return f"{name} played it {often}{share_text(heard)}"


def sentence_for_others(n: int, named: int, left: int = 0) -> str:
    """How many unnamed friends play it; if none, how many left it early; else that their taste counts."""
    if not n and left:
        who = f"more {'friend' if left == 1 else 'friends'}" if named else "of your friends"
        return f"{left} {who} left it early"
    if not n:
        return "What your other friends like" if named else "What your friends like"
    play = "plays" if n == 1 else "play"
    return (
        f"{n} more {'friend' if n == 1 else 'friends'} {play} it"
        if named
        else f"{n} of your friends {play} it"
    )


def sentence_for_shared_tracks() -> str:
    """Friends who play it share tracks with the listener."""
    return "Those who play it share tracks with you"


def sentence_for_radar(artists: list[str]) -> str:
    """The artists are under the radar."""
    return f"{' and '.join(artists)}: under the radar, outside the most played 20 % of artists"


def sentence_for_best_tracks() -> str:
    """Why a model offers a genre."""
    return "Its best tracks suit what you and your friends listen to"


def sentence_for_share() -> str:
    """Why friends' plays offer a genre."""
    return "Its share of what your friends play; friends with similar taste count for more"


def sentence_for_genre(
    name: str, streams: int, listeners: int, *, home: bool = False, all_listen: bool = True
) -> str:
    """How well the listener knows a genre, and how many friends listen to it; some may only like it."""
    begun = f"You have long listened to {name}" if home else f"You have started exploring {name}"
    stage = f"{name} is new to you" if streams == 0 else begun
    if listeners == 0:
        return f"{stage}; none of your friends plays it yet"
    if not all_listen:
        do = "friend plays or likes" if listeners == 1 else "friends play or like"
        return f"{stage}; {listeners} {do} it"
    return f"{stage}; {listeners} {'friend listens' if listeners == 1 else 'friends listen'} to it"


def sentence_for_waiting(name: str, behind: list[str], favourite: int) -> str:
    """What ends the rest of a genre."""
    shown = ", ".join(behind[:3]) + (f" and {len(behind) - 3} more" if len(behind) > 3 else "")
    catch_up = "catches" if len(behind) == 1 else "catch"
    return f"{name} rests until {shown} {catch_up} up, or your favourite genre reaches {favourite:,} streams"


def sentence_for_dismissed(name: str) -> str:
    """How a dismissed genre returns."""
    return f"You discarded {name}; saving one of its songs brings it back"


def sentence_for_own(title: str, artist: str, feedback: float) -> str:
    """An own track, played, saved or discarded, that counts for or against a track."""
    done = "saved" if feedback > 0 else "discarded" if feedback < 0 else "play"
    return f"You {done} {title} by {artist}" if artist else f"You {done} {title}"


def sentence_for_discards(n: int) -> str:
    """Discards that count against an artist."""
    return f"You discarded {n} {'track' if n == 1 else 'tracks'} by the same artist"


def sentence_for_taste(named: int) -> str:
    """The rest of the listener's plays counts too."""
    return "Your other plays" if named else "Your plays"


def sentence_for_similar_listeners(n: int) -> str:
    """How many listeners with similar taste play it."""
    return sentence_for_source("similar-listeners", n, None) if n else "Listeners and tags with similar taste"


def sentence_for_source(kind: Source, n: int, place: str | None) -> str:
    """The source of a track that no friend plays."""
    play = "plays" if n == 1 else "play"
    if kind == "friends-of-friends":
        return f"{n} {'friend' if n == 1 else 'friends'} of your friends {play} it"
    if kind == "similar-listeners":
        return f"{n} {'listener' if n == 1 else 'listeners'} with similar taste {play} it"
    where = f"in {place}" if kind == "popular-in-country" else "everywhere"
    return f"Popular {where}: {n:,} {'play' if n == 1 else 'plays'}"
