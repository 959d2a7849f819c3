"""What models may see of a data set, as own tables that `muse-graph load tables` takes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from muse_graph.core.types import BoolArray
from muse_graph.evaluation.data.datasets import Dataset, Tables

__all__ = ["write_tables"]


def write_tables(tables: Tables, dataset: Dataset, kept: BoolArray, folder: Path) -> None:
    """Write each table as Parquet, without the listens that are hidden and the tags given to what they hide.

    A track keeps its primary genre only: a hidden genre must be one that its user has never played.

    Args:
        tables: those the data set was made of, listens and tags in the same order
        kept: (n,) bool, the listens that stay
        folder: made if it is not there
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        left = table.drop_columns(["line"])
        if name == "listens":
            left = left.filter(pa.array(kept))
        elif name == "tags":
            left = left.filter(pa.array(dataset.kept_tags(kept)))
        elif name == "tracks":
            first = pa.array([ids[:1] for ids in left["genre_ids"].to_pylist()], pa.list_(pa.string()))
            left = left.set_column(left.schema.get_field_index("genre_ids"), "genre_ids", first)
        pq.write_table(left, folder / f"{name}.parquet")
