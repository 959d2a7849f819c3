"""HEARD_IN computed from the listens alone: made anew for an older graph, and compared by the doctor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from muse_graph.core.arrays import joined
from muse_graph.core.listening.buckets import Rows, add_up, pack
from muse_graph.core.listening.sources import WAYS
from muse_graph.graph.connection import Graph, Row, Transaction

__all__ = ["NAME", "fill", "put_months", "wrong_months"]

#: Tracks of a transaction; one has some hundred months.
_TRACKS = 20
#: What tells months apart.
NAME = ("track_id", "country", "month")


def fill(graph: Graph) -> None:
    """Make the months that an older version wrote anew, some tracks at a time."""
    after = ""
    while tracks := graph.read("unbuilt_track_ids", after=after, limit=_TRACKS):
        ids = [row["track_id"] for row in tracks]
        graph.transact(partial(_rebuild, ids))
        after = ids[-1]


def _rebuild(ids: list[str], transaction: Transaction) -> None:
    transaction.run("acquire_write_lock", name="listens", user_ids=[])
    put_months(transaction, wrong_months(transaction.run, ids))


def put_months(transaction: Transaction, rows: Iterable[Row]) -> None:
    """Write the months that have plays and delete the others, rows as `wrong_months` returns them."""
    rows = list(rows)
    empty = [{name: row[name] for name in NAME} for row in rows if not row["plays"]]
    full = [row for row in rows if row["plays"]]
    for query, some in (("delete_months", empty), ("put_month_buckets", full)):
        if some:
            transaction.run(query, rows=some)


def wrong_months(read: Callable[..., list[Row]], ids: list[str]) -> list[Row]:
    """Months of tracks as they should be, where they are not; `plays` is 0 where there should be none.

    Args:
        read: `Graph.read` or `Transaction.run`
        ids: ids of the tracks
    """
    months = read("month_facts", ids=ids, ways=list(WAYS))
    rows = Rows(
        np.repeat(np.arange(len(months)), [len(month["plays"]) for month in months]),
        *(
            joined(month[name] for month in months)
            for name in ("listeners", "days", "sources", "reports", "plays")
        ),
    )
    right = pack(add_up(len(months), rows), len(months)).properties()
    return [
        {name: month[name] for name in NAME} | values
        for month, values in zip(months, right, strict=True)
        if not values["plays"] or month["stored"] is None or month["stored"]._asdict() != values
    ]
