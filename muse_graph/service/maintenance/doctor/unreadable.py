"""Facts that break a rule, and what cannot be derived because of them; all else can."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from muse_graph.graph.connection import Graph
from muse_graph.service.field_rules import MAX_PLAYS
from muse_graph.service.maintenance.doctor.findings import Finding, finding

__all__ = ["Unreadable", "find_unreadable"]

#: Facts of single listens: they concern a user, a track and its artists.
_LISTENS = frozenset(
    {
        *("PLAYED.plays", "PLAYED.heard", "PLAYED.heard_at_least", "PLAYED.listened_at", "PLAYED.country"),
        "plays of a pair",
    }
)
#: Facts without which a check cannot tell what is right: a missing rank or artist was a link that counted.
_CHECKS: dict[str, tuple[str, ...]] = {
    "User.key": ("HEARD_IN",),
    "Track.key": ("User.profile",),
    "Genre.key": ("User.profile",),
    "Track by an artist": ("Artist.plays",),
    "IN_GENRE.rank": ("PLAYS_GENRE", "User.profile"),
    "Country.code": ("HEARD_IN names", "HEARD_IN"),
    "country of a listen": ("HEARD_IN names", "HEARD_IN"),
    "ends of relationships": ("LISTENED", "PLAYS_GENRE", "Track counters", "Artist.plays", "HEARD_IN"),
}


@dataclass(frozen=True)
class Unreadable:
    """What is left out.

    Attributes:
        facts: names of the checks that found something
        ids: query of pages -> ids that are not looked at
        checks: checks of derived values that are not made
    """

    facts: tuple[str, ...] = ()
    ids: Mapping[str, Collection[str]] = field(default_factory=dict)
    checks: frozenset[str] = frozenset()

    def finding(self) -> Iterable[Finding]:
        """That something was left out, if so."""
        if self.facts:
            yield finding("derived values", len(self.facts), ", ".join(self.facts), repaired=False)


def find_unreadable(graph: Graph, findings: Iterable[Finding]) -> Unreadable:
    """What cannot be derived from a graph in which these facts are wrong."""
    wrong = {one.check for one in findings if not one.repaired}
    facts = sorted(wrong & (_LISTENS | _CHECKS.keys()))
    ids: dict[str, set[str]] = {"user_ids": set(), "track_ids": set(), "artist_ids": set()}
    for row in graph.read("unreadable_listens", max_plays=MAX_PLAYS) if wrong & _LISTENS else ():
        ids["user_ids"].add(row["user_id"])
        ids["track_ids"].add(row["track_id"])
        ids["artist_ids"].update(row["artist_ids"])
    checks = frozenset(check for fact in facts for check in _CHECKS.get(fact, ()))
    return Unreadable(tuple(facts), ids, checks)
