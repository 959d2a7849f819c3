"""What is derived from the facts, recomputed and compared.

The queries compute from PLAYED alone and in another way than the write path, so that neither hides an
error of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from muse_graph.core.listening.profiles import MAX_TRACKS
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.graph.months import put_months, wrong_months
from muse_graph.graph.search_texts import right_texts, wrong_texts
from muse_graph.service.listens.profiles import profile_row
from muse_graph.service.listens.refresh import TOP_SHARE, every_genre_of, refresh_radar, theta_params
from muse_graph.service.maintenance.doctor.findings import Finding, finding
from muse_graph.service.maintenance.doctor.paged_check import (
    PagedCheck,
    Read,
    Repair,
    by_query,
    delete_repeated,
)
from muse_graph.service.maintenance.doctor.unreadable import Unreadable
from muse_graph.service.pagination import Advance

__all__ = ["examine_derived"]


def examine_derived(
    graph: Graph, left_out: Unreadable, *, repair: bool, theta: float, advance: Advance
) -> Iterator[Finding]:
    """Compare every derived value with the facts.

    Args:
        left_out: what has facts that cannot be read
        theta: share of the favourite genre at which a genre rests
    """
    for check in _CHECKS:
        if check.name not in left_out.checks:
            skipped = left_out.ids.get(check.pages, ())
            yield from check.examine(graph, repair=repair, advance=advance, skipped=skipped)
    for row in graph.read("radar_difference", top_share=TOP_SHARE):
        if repair:
            refresh_radar(graph)
        yield finding("radar plays", 1, f"{row['radar_plays']} by now", repaired=repair)
    advance("radar plays", 1)
    skipped = left_out.ids.get("user_ids", ())
    yield from _pools(theta).examine(graph, repair=repair, advance=advance, skipped=skipped)


def _put(query: str) -> Repair:
    """Repair by a query that takes the rows as they were found."""

    def put(transaction: Transaction, rows: list[Row]) -> bool:
        transaction.run(query, rows=rows)
        return False

    return put


def _put_one(query: str) -> Repair:
    """As `_put`, of links of users, once none is there twice."""
    delete = delete_repeated("delete_repeated_links", "user_id")
    put = _put(query)
    return lambda transaction, rows: delete(transaction, rows) or put(transaction, rows)


def _put_months(transaction: Transaction, rows: list[Row]) -> bool:
    put_months(transaction, rows)
    return False


def _wrong_profiles(read: Read, ids: list[str]) -> list[Row]:
    """Rows of `put_profiles` as they should be where they are not; None where nothing was played."""
    wrong = []
    for row in read("profile_tracks", ids=ids, limit=MAX_TRACKS):
        right = profile_row(row["user_id"], row["tracks"])
        if any(row[name] != value for name, value in right.items()):
            wrong.append(right)
    return wrong


def _wrong_texts(query: str) -> Callable[[Read, list[str]], list[Row]]:
    return lambda read, ids: wrong_texts(read(query, ids=ids))


def _put_texts(transaction: Transaction, rows: list[Row]) -> bool:
    transaction.run("put_search_texts", rows=right_texts(rows))
    return False


def _pools(theta: float) -> PagedCheck:
    share = theta_params(theta)

    def enter(transaction: Transaction, rows: list[Row]) -> bool:
        users = sorted({row["user_id"] for row in rows})
        transaction.run("enter_discovery", rows=every_genre_of(users), **share)
        return False

    return PagedCheck("pool not refreshed", "user_ids", by_query("stale_discovery", **share), enter)


#: Months that name another track go first, for their names keep the right ones from being written.
_CHECKS = (
    PagedCheck("LISTENED", "user_ids", by_query("listened_differences"), _put_one("put_listened")),
    PagedCheck("PLAYS_GENRE", "user_ids", by_query("plays_genre_differences"), _put_one("put_plays_genre")),
    PagedCheck("Track counters", "track_ids", by_query("track_differences"), _put("put_track_counters")),
    PagedCheck("Artist.plays", "artist_ids", by_query("artist_differences"), _put("put_artist_counters")),
    PagedCheck(
        "HEARD_IN names", "track_ids", by_query("mismatched_months"), _put("delete_mismatched_months")
    ),
    PagedCheck("HEARD_IN", "track_ids", wrong_months, _put_months),
    PagedCheck("User.profile", "user_ids", _wrong_profiles, _put("put_profiles")),
    PagedCheck("Track.search_text", "track_ids", _wrong_texts("track_texts"), _put_texts),
    PagedCheck("Artist.search_text", "artist_ids", _wrong_texts("artist_texts"), _put_texts),
    PagedCheck("Genre.search_text", "genre_ids", _wrong_texts("genre_texts"), _put_texts),
    PagedCheck("User.search_text", "user_ids", _wrong_texts("user_texts"), _put_texts),
)
