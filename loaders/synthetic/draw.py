"""Seeded draws and the few array shapes the tables are built from."""

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from muse_graph.loaders.columns import SCHEMAS, TIME
from muse_graph.loaders.synthetic.places import COUNTRY_CODES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BATCH_ROWS = 250_000
_ORDINALS = ("", " II", " III", " IV", " V", " VI", " VII", " VIII", " IX", " X")


def stream(seed: int, name: str, chunk: int = 0) -> np.random.Generator:
    """An own random stream for each table and chunk: one table's size never shifts another's draws."""
    key = (zlib.crc32(name.encode()), chunk)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def weighted(rng: np.random.Generator, weights: Floats, size: int | tuple[int, ...]) -> Ints:
    """Positions drawn with the given weights (any positive scale)."""
    edges = np.cumsum(weights)
    found = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return np.asarray(np.minimum(found, len(weights) - 1), dtype=np.int64)


def zipf_ranks(rng: np.random.Generator, sizes: Ints, exponent: float = 0.8) -> Ints:
    """A rank in 0..size-1 for each size, falling off as (rank + 1) ** -exponent, inverted."""
    power = 1.0 - exponent
    spread = (sizes + 1.0) ** power - 1.0
    ranks = ((spread * rng.random(sizes.shape) + 1.0) ** (1.0 / power)).astype(np.int64) - 1
    return np.clip(ranks, 0, sizes - 1)


def distinct(rng: np.random.Generator, combinations: int, size: int) -> tuple[Ints, pa.Array]:
    """Codes in 0..combinations-1, and a suffix, empty until every code is used up: unique pairs."""
    drawn = rng.choice(max(combinations, size), size, replace=False)
    laps = drawn // combinations
    spare = [f" {n + 1}" for n in range(len(_ORDINALS), int(laps.max(initial=0)) + 1)]
    return drawn % combinations, pa.array([*_ORDINALS, *spare]).take(pa.array(laps))


def numbered(prefix: str, numbers: Ints) -> pa.Array:
    """Ids such as "u1"."""
    return join(prefix, pc.cast(pa.array(numbers), pa.string()))


def join(*parts: pa.Array | str) -> pa.Array:
    """Element by element concatenation; a plain string is a constant column."""
    return pc.binary_join_element_wise(*parts, "")


def blank(values: pa.Array, missing: Flags) -> pa.Array:
    """An Arrow column with nulls where missing."""
    return pc.if_else(pa.array(missing), pa.scalar(None, values.type), values)


def either(flags: Flags, yes: pa.Array | str, no: pa.Array | str) -> pa.Array:
    """Element by element: yes where flagged, else no."""
    return pc.if_else(pa.array(flags), yes, no)


def codes(countries: Ints) -> pa.Array:
    """Country codes of positions in COUNTRIES."""
    return pa.array(COUNTRY_CODES).take(pa.array(countries))


def moments(milliseconds: Ints, missing: Flags | None = None) -> pa.Array:
    """UTC timestamps from milliseconds since 1970."""
    return pa.array(milliseconds, mask=missing).cast(TIME)


def nested(words: pa.Array, picks: Ints, keep: Flags) -> pa.Array:
    """Lists of words: row i holds words[picks[i, j]] for the j kept. picks, keep: (n, k)."""
    offsets = np.concatenate(([0], np.cumsum(keep.sum(axis=1)))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), words.take(pa.array(picks[keep])))


def starts(keys: Ints, groups: int) -> Ints:
    """Where each group begins in sorted keys, and the end: (groups + 1,)."""
    return np.searchsorted(keys, np.arange(groups + 1)).astype(np.int64)


class Lexicon:
    """Word lists side by side, picked from by (list, code)."""

    def __init__(self, lists: Sequence[Sequence[str]]) -> None:
        self.words = pa.array([word for words in lists for word in words])
        self.sizes = np.array([len(words) for words in lists], dtype=np.int64)
        self.first = np.concatenate(([0], np.cumsum(self.sizes)[:-1]))

    def pick(self, group: Ints, code: Ints) -> pa.Array:
        """Word number `code`, around the end, of list `group`. Both (n,)."""
        return self.words.take(pa.array(self.first[group] + code % self.sizes[group]))


def batch(table: str, columns: dict[str, pa.Array], first_line: int = 1) -> pa.RecordBatch:
    """One batch of a canonical table; the `line` column counts on from first_line."""
    rows = len(next(iter(columns.values())))
    line = pa.array(np.arange(first_line, first_line + rows, dtype=np.int64))
    schema = SCHEMAS[table]
    return pa.RecordBatch.from_arrays(
        [{**columns, "line": line}[name] for name in schema.names], schema=schema
    )


def split(whole: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Views of at most BATCH_ROWS rows; an empty batch stays one empty batch."""
    for start in range(0, max(whole.num_rows, 1), BATCH_ROWS):
        yield whole.slice(start, BATCH_ROWS)
