"""Facts: properties that have to be there and links that exclude one another.

Community Edition has constraints for neither, so it is here that they are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from muse_graph.core.keys import key_of
from muse_graph.countries import is_country
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service.field_rules import stored_limits
from muse_graph.service.maintenance.doctor.field_checks import FIELD_CHECKS
from muse_graph.service.maintenance.doctor.findings import Finding, finding
from muse_graph.service.maintenance.doctor.paged_check import (
    AT_ONCE,
    PagedCheck,
    Read,
    by_query,
    delete_repeated,
)
from muse_graph.service.maintenance.tables import merge_countries
from muse_graph.service.pagination import Advance

__all__ = ["examine_facts"]

#: Queries that go through all of a kind once and count by check what is wrong, with the limits they take.
_SCANS: dict[str, tuple[str, ...]] = {
    "user_violations": (),
    "track_violations": (),
    "catalogue_violations": (),
    "listen_violations": ("legal_id", "legal_source", "max_plays", "latest_ms"),
    "pair_violations": ("max_plays",),
    "link_violations": (),
    "sent_violations": ("legal_id", "legal_note"),
}


def examine_facts(graph: Graph, *, repair: bool, advance: Advance) -> Iterator[Finding]:
    """Check every fact; links that are there twice or exclude one another are repaired first."""
    for check in (*_PAGED, *FIELD_CHECKS):
        yield from check.examine(graph, repair=repair, advance=advance)
    yield from _countries(graph, repair)
    advance("countries", 1)
    limits = stored_limits()
    for scan, wanted in _SCANS.items():
        for row in graph.read(scan, **{name: limits[name] for name in wanted}):
            repaired = repair and row["check"] == "negative zero"
            if repaired:
                _put_zeros(graph)
            yield finding(row["check"], row["found"], row["example"], repaired=repaired)
        advance(scan.replace("_", " "), 1)


def _put_zeros(graph: Graph) -> None:
    """Write negative zeros as zeros, until none is left."""
    while graph.write("put_zero_heard", limit=AT_ONCE).properties_set:
        continue


def _countries(graph: Graph, repair: bool) -> Iterator[Finding]:
    """Codes that are none, and countries that listens name and that are not there."""
    known = {row["code"] for row in graph.read("country_names")}
    if wrong := sorted(code for code in known if not is_country(code, or_unknown=True)):
        yield finding("Country.code", len(wrong), wrong[0], repaired=False)
    missing = {row["code"]: row["listens"] for row in graph.read("listen_countries")}
    missing = {code: listens for code, listens in missing.items() if code not in known}
    for repairable in (True, False):
        codes = sorted(code for code in missing if is_country(code, or_unknown=True) is repairable)
        if not codes:
            continue
        if repair and repairable:
            graph.transact(_merging(codes))
        listens = sum(missing[code] for code in codes)
        yield finding("country of a listen", listens, codes[0], repaired=repair and repairable)


def _merging(codes: list[str]) -> Callable[[Transaction], None]:
    return lambda transaction: merge_countries(transaction, codes)


def _wrong_keys(query: str) -> Callable[[Read, list[str]], list[Row]]:
    """Find keys that are missing or belong to another id: of the two the id may be what is wrong."""
    return lambda read, ids: [row for row in read(query, ids=ids) if row["key"] != key_of(row["id"])]


_PAGED = (
    PagedCheck("User.key", "user_ids", _wrong_keys("user_keys")),
    PagedCheck("Track.key", "track_ids", _wrong_keys("track_keys")),
    PagedCheck("Genre.key", "genre_ids", _wrong_keys("genre_keys")),
    PagedCheck(
        "friendships",
        "user_ids",
        by_query("friendship_violations"),
        delete_repeated("repair_friendships", "user_id", "friend_id"),
    ),
    PagedCheck(
        "links once",
        "user_ids",
        by_query("repeated_links"),
        delete_repeated("delete_repeated_links", "user_id"),
    ),
    PagedCheck(
        "track links once",
        "track_ids",
        by_query("repeated_track_links"),
        delete_repeated("delete_repeated_track_links", "track_id"),
    ),
    *(
        PagedCheck(
            "BASED_IN once",
            pages,
            by_query("repeated_bases", kind=kind),
            delete_repeated("delete_repeated_bases", "kind", "id"),
        )
        for pages, kind in (("artist_ids", "Artist"), ("influencer_ids", "Influencer"))
    ),
)
