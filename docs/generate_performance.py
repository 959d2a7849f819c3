"""docs/performance.md and its plots, made from what the benchmarks have written: `make performance`.

Each section is made from a CSV file of docs/benchmarks: of each measure the row that was written last.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docs import flame_graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "docs" / "benchmarks"
PAGE = ROOT / "docs" / "performance.md"
PLOTS = ROOT / "docs" / "pictures"

_INK, _GRID, _COLOURS = "#57606a", "#d0d7de", ("#4a7fb5", "#b5764a", "#4ab58a")

#: Beside the longest bar, for its number.
_ROOM = 0.1

Rows = list[dict[str, str]]


class Section(NamedTuple):
    """A part of the page.

    Attributes:
        name: of the CSV file and of the plot
        options: of the benchmark of that name, to write the file
        key: columns that say what was measured; of each the last row counts
        shown: columns of the table after these, and their titles
        plot: draws the rows; None for no plot
        height: of the plot, in inches; None for one that grows with the rows
    """

    title: str
    text: str
    name: str
    options: str = "--home STORE"
    key: tuple[str, ...] = ("users", "measure")
    shown: tuple[tuple[str, str], ...] = (
        ("p50_ms", "p50, ms"),
        ("p99_ms", "p99, ms"),
        ("p50_ratio", "p50, × floor"),
        ("p99_ratio", "p99, × floor"),
    )
    plot: Callable[[Axes, Rows], None] | None = None
    height: float | None = None


def ratios(axes: Axes, rows: Rows) -> None:
    """A bar for each measure: times the floor at p50, and a thin one at p99."""
    names = [row["measure"] for row in rows][::-1]
    p50, p99 = ([float(row[column]) for row in rows][::-1] for column in ("p50_ratio", "p99_ratio"))
    axes.barh(names, p50, color=_COLOURS[0], height=0.7, label="p50")
    axes.barh(names, p99, color=_COLOURS[1], height=0.2, label="p99", alpha=0.85)
    for place, (middle, high) in enumerate(zip(p50, p99, strict=True)):
        axes.text(max(middle, high), place, f" {middle:.2f}", va="center", fontsize=8, color=_INK)
    axes.set_xlabel("× RETURN 1 at the same percentile", color=_INK)
    axes.margins(x=_ROOM)
    axes.legend(frameon=False, fontsize=8, labelcolor=_INK)


def shares(axes: Axes, rows: Rows) -> None:
    """A line for each way: its share of what /livez gave, by connections."""
    rows = [row for row in rows if row["share_of_livez"]]
    ways = [way for way in dict.fromkeys(row["measure"] for row in rows) if way != "/livez"]
    for way, colour in zip(ways, _COLOURS, strict=False):
        mine = [row for row in rows if row["measure"] == way]
        connections = [row["connections"] for row in mine]
        values = [float(row["share_of_livez"]) for row in mine]
        axes.plot(connections, values, marker="o", color=colour, label=way)
        for x, value in zip(connections, values, strict=True):
            axes.text(x, value, f"{value:.3f}", va="bottom", ha="center", fontsize=8, color=_INK)
    axes.set_ylim(0)
    axes.set_xlabel("connections", color=_INK)
    axes.set_ylabel("requests a second, share of /livez", color=_INK)
    axes.grid(color=_GRID, linewidth=0.5)
    axes.legend(frameon=False, fontsize=8, labelcolor=_INK, loc="center left")


def flames(axes: Axes, rows: Rows) -> None:
    """What calls what, as long as its share of the time."""
    flame_graph.draw(axes, {row["stack"]: float(row["share"]) for row in rows})
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.05)}
    axes.legend(frameon=False, fontsize=8, labelcolor=_INK, ncols=6, **place)


def quality(axes: Axes, rows: Rows) -> None:
    """A bar for each model: nDCG at 10."""
    scored = [row for row in rows if row["ndcg_10"]][::-1]
    colours = [_COLOURS["implicit" in row["measure"]] for row in scored]
    _bars(axes, {row["measure"]: float(row["ndcg_10"]) for row in scored}, colours, digits=2)
    axes.set_xlabel("nDCG at 10, per cent", color=_INK)


def phases(axes: Axes, rows: Rows) -> None:
    """A bar for each phase of a load: its seconds."""
    parts = [row for row in rows if row["phase"] not in ("whole load", "importer alone")][::-1]
    _bars(axes, {row["phase"]: float(row["seconds"]) for row in parts}, _COLOURS[0], digits=1)
    axes.set_xlabel("seconds", color=_INK)
    axes.margins(x=_ROOM)


def _bars(axes: Axes, values: dict[str, float], colour: str | list[str], *, digits: int) -> None:
    """A bar for each value, and the value beside it."""
    axes.barh(list(values), list(values.values()), color=colour, height=0.7)
    for place, value in enumerate(values.values()):
        axes.text(value, place, f" {value:.{digits}f}", va="center", fontsize=8, color=_INK)


SECTIONS = (
    Section(
        "A list for a listener",
        "In the process, without HTTP, but for those that say so. *Kept* is a list that was made before and "
        "still holds ([ADR 28](adr/0028-kept-lists.md)); all others are made anew. *The query of a list* is "
        "the one round trip that each of those takes, but where the neighbourhood is kept. "
        "*Fallback* is for listeners whose friends have nothing to offer. Rows *in blocks* are of warm "
        "blocks of their own, which is what to judge by; the others are taken listener by listener in turns "
        "with the floor, which they leave cold.",
        "recommend",
        plot=ratios,
    ),
    Section(
        "Where the time of a list goes",
        "In the process, with a trained model: a function is as long as its share of the time, above what it "
        "calls. `fetch` and what is below it is mostly the wait for Neo4j.",
        "flame",
        key=("stack",),
        shown=(),
        plot=flames,
        height=4.5,
    ),
    Section(
        "Lists over HTTP",
        "wrk on the same two cores as Neo4j and two workers of the service, 500 listeners in turns. `/livez` "
        "is answered without a thread or the database: what a request costs at least. A trained model is "
        "served, as it is to *recommend over HTTP* above. *At 80 %*: each connection waits a random time "
        "before it asks again, so that together they ask for about 80 % of what 32 of them got.",
        "http",
        key=("users", "measure", "connections"),
        shown=(
            ("requests_s", "requests a second"),
            ("p50_ms", "p50, ms"),
            ("p99_ms", "p99, ms"),
            ("share_of_livez", "share of `/livez`"),
        ),
        plot=shares,
    ),
    Section(
        "Listens",
        "Each durable and counted once before it is acknowledged. A bare transaction writes the same "
        "relationships and counters and nothing else.",
        "listens",
        "--home COPY",
        plot=ratios,
    ),
    Section(
        "A list while listens come in",
        "Listens are sent at 500 a second, whatever became of those before; 400 a second were written. Lists "
        "without a model, in blocks, in quiet and beside them.",
        "while_listening",
        "--home COPY",
    ),
    Section(
        "Training",
        "The whole of `muse-graph train` where the graph has the neighbours of an earlier one, `--warm` "
        "after a day's listens ([ADR 32](adr/0032-warm-training.md)), and a full one after another day. "
        "Neighbours are found and written beside the fit; the first training of a graph writes all of "
        "them and takes twice as long. Quality, per cent: a fifth of the listens of 3,000 listeners is "
        "hidden. The library `implicit` is at its best of 4 settings of item-kNN (TF-IDF with k of 500 "
        "and 1,000, cosine and BM25 with 1,000) and 12 of ALS (32 to 128 factors, alpha 1 to 10; at the "
        "best of these regularisation 1 and 30, and 30 iterations), all of them in "
        "`benchmarks/training_grid.csv`. The benchmark itself tries 43.",
        "training",
        "--home COPY",
        shown=(
            ("settings", "settings"),
            ("seconds", "seconds"),
            ("peak_mib", "peak, MiB"),
            ("recall_10", "R@10"),
            ("ndcg_10", "nDCG@10"),
            ("recall_20", "R@20"),
            ("ndcg_20", "nDCG@20"),
        ),
        plot=quality,
    ),
    Section(
        "What an artist sees",
        "For the most played artist and one of the middle, each in blocks of its own after a warm-up.",
        "artists",
        plot=ratios,
    ),
    Section(
        "A load by Neo4j's importer",
        "From CSV files to a running server ([ADR 34](adr/0034-loads-in-parts.md)). Rows are those of the "
        "files; the importer makes three times as many of them. Peaks are of this program and of the "
        "importer.",
        "bulk",
        "--users 100000 --once",
        key=("users", "phase"),
        shown=(
            ("rows", "rows"),
            ("seconds", "seconds"),
            ("cpu_s", "CPU, s"),
            ("rows_per_s", "rows a second"),
            ("peak_mb", "peak, MiB"),
        ),
        plot=phases,
    ),
    Section(
        "Ten times as many listeners",
        "A world beside one ten times as large, both databases up at once, blocks of the one between blocks "
        "of the other. A list takes as long as before for who comes again: it is made of as many friends. "
        "Who comes for the first time waits for pages of the store, and for tracks that no list of this "
        "worker had yet, which is one more round trip. How such a world is loaded says "
        "[ADR 34](adr/0034-loads-in-parts.md), and what is to be expected of ten million listeners.",
        "growth",
        "--homes STORE LARGE",
        key=("measure",),
        shown=(("small", "100,000 listeners"), ("large", "1,000,000 listeners"), ("ratio", "ratio")),
    ),
    Section(
        "What friends play, three ways",
        "The same answer from relationships as rows, collected to lists on the server, and from profiles "
        "packed into bytes.",
        "model",
    ),
)

_HEAD = """# Performance

Made by `make performance` from `docs/benchmarks`; do not edit. With `STORE=FOLDER` it measures first, in a
store of your own (`muse-graph load synthetic --users 100000 --home FOLDER`, then `muse-graph train`), writes
listens there and takes an hour.

The machine has two cores that others use too, and everything runs on them: Neo4j, the service and who asks.
So read the ratios. The *floor* is `RETURN 1` over the same driver, measured in the same run.
"""


def main() -> None:
    """Write the page and draw its plots."""
    PAGE.write_text(page(), "utf-8")
    for section in SECTIONS:
        if section.plot is not None and (rows := latest(section)):
            _draw(section.name, section.plot, rows, section.height)


def page() -> str:
    """The page as the CSV files have it."""
    return "\n".join([_HEAD, *(_section(section, rows) for section in SECTIONS if (rows := latest(section)))])


def latest(section: Section) -> Rows:
    """Of each measure the row written last, in the order of the last run; none without a file."""
    path = BENCHMARKS / f"{section.name}.csv"
    if not path.exists():
        return []
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            what = tuple(row[column] for column in section.key)
            rows.pop(what, None)
            rows[what] = row
    return list(rows.values())


def _section(section: Section, rows: Rows) -> str:
    columns = [*section.key, *(column for column, _ in section.shown)]
    lines = [f"## {section.title}", "", section.text, ""]
    if section.plot is not None:
        lines += [f"![{section.title}](pictures/performance-{section.name}.svg)", ""]
    if section.shown:
        lines += [_line([*section.key, *(title for _, title in section.shown)])]
        lines += [_line(["---"] * len(section.key) + ["--:"] * len(section.shown))]
        lines += [_line([_shown(row[column]) for column in columns]) for row in rows]
        lines += [""]
    seen = sorted({row["date"] for row in rows}), sorted({row["machine"] for row in rows})
    module = f"python -m tests.benchmarks.bench_{section.name} {section.options}"
    command = f"{module} --output docs/benchmarks/{section.name}.csv"
    return "\n".join([*lines, f"{', '.join(seen[0])}, {'; '.join(seen[1])}. `{command}`", ""])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(value: str) -> str:
    return f"{int(value):,}" if value.isdigit() else value


def _draw(name: str, plot: Callable[[Axes, Rows], None], rows: Rows, height: float | None) -> None:
    """Draw a plot; the same figures give the same file."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    style = {"svg.fonttype": "none", "svg.hashsalt": "muse", "font.size": 9, "text.color": _INK}
    with rc_context(style):
        figure = Figure(figsize=(8, height or 1.2 + 0.3 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        plot(axes, rows)
        axes.tick_params(colors=_INK, length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        path = PLOTS / f"performance-{name}.svg"
        figure.savefig(path, format="svg", transparent=True, metadata={"Date": None})


if __name__ == "__main__":
    main()
