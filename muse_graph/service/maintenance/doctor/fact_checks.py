"""Facts: properties that have to be there and links that exclude one another.

Community Edition has constraints for neither, so it is here that they are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from muse_graph.core.keys import key_of
from muse_graph.countries import is_country
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service.field_rules import patterns
from muse_graph.service.maintenance.doctor.findings import Finding, finding
from muse_graph.service.maintenance.doctor.paged_check import PagedCheck, Read, by_query
from muse_graph.service.maintenance.tables import merge_countries
from muse_graph.service.pagination import Advance

__all__ = ["examine_facts"]

#: Queries that go through all of a kind once and count by check what is wrong, with the limits they take.
_SCANS = {
    "user_violations": ("legal_id", "legal_name"),
    "track_violations": ("legal_id", "legal_name"),
    "catalogue_violations": ("legal_id", "legal_name"),
    "listen_violations": ("legal_id", "legal_name", "max_plays"),
    "pair_violations": ("max_plays",),
    "link_violations": ("legal_name",),
    "sent_violations": ("legal_id", "legal_note"),
}


def examine_facts(graph: Graph, *, repair: bool, advance: Advance) -> Iterator[Finding]:
    """Check every fact; links that are there twice or exclude one another are repaired first."""
    for check in _PAGED:
        yield from check.examine(graph, repair=repair, advance=advance)
    yield from _countries(graph, repair)
    advance("countries", 1)
    limits = patterns()
    for scan, wanted in _SCANS.items():
        for row in graph.read(scan, **{name: limits[name] for name in wanted}):
            is_zero = row["check"] == "negative zero"
            if is_zero and repair:
                graph.write("put_zero_heard")
            yield finding(row["check"], row["found"], row["example"], repaired=is_zero and repair)
        advance(scan.replace("_", " "), 1)


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


def _repair_friendships(transaction: Transaction, rows: list[Row]) -> None:
    pairs = [{"user_id": row["user_id"], "friend_id": row["friend_id"]} for row in rows]
    transaction.run("repair_friendships", rows=pairs)


def _repair_links(transaction: Transaction, rows: list[Row]) -> None:
    transaction.run("delete_repeated_links", rows=[{"user_id": row["user_id"]} for row in rows])


def _repair_track_links(transaction: Transaction, rows: list[Row]) -> None:
    transaction.run("delete_repeated_track_links", rows=[{"track_id": row["track_id"]} for row in rows])


_PAGED = (
    PagedCheck("User.key", "user_ids", _wrong_keys("user_keys")),
    PagedCheck("Track.key", "track_ids", _wrong_keys("track_keys")),
    PagedCheck("Genre.key", "genre_ids", _wrong_keys("genre_keys")),
    PagedCheck("friendships", "user_ids", by_query("friendship_violations"), _repair_friendships),
    PagedCheck("links once", "user_ids", by_query("repeated_links"), _repair_links),
    PagedCheck("track links once", "track_ids", by_query("repeated_track_links"), _repair_track_links),
)
