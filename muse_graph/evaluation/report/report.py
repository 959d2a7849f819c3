"""Results as JSON, and all JSON of a folder as one page of Markdown with plots."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from muse_graph.errors import DataError
from muse_graph.evaluation.report.measures import Measure, measure_of
from muse_graph.evaluation.report.plots import draw
from muse_graph.evaluation.report.results import Result, Section
from muse_graph.evaluation.report.text import ABOUT, INTRODUCTION, NAMES, ORDER

__all__ = ["as_plain", "read_result", "render", "section_measure", "write_report"]


def as_plain(result: Result) -> dict[str, Any]:
    """A result as JSON has it; a figure there is none of is null."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(result), default=list))
    for section in plain["sections"]:
        section["rows"] = {
            name: {key: _number(value) for key, value in figures.items()}
            for name, figures in section["rows"].items()
        }
    return plain


def _number(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def read_result(path: Path) -> Result:
    """A result that `write_report` wrote. raises: DataError for a file that is none"""
    try:
        found = json.loads(path.read_text("utf-8"))
        sections = tuple(
            Section(
                part["title"],
                tuple(part["columns"]),
                {
                    name: {key: math.nan if value is None else value for key, value in figures.items()}
                    for name, figures in part["rows"].items()
                },
                part["measure"],
            )
            for part in found["sections"]
        )
        return Result(found["protocol"], found["dataset"], found["settings"], sections, tuple(found["notes"]))
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(path.name, 1, f"must be the result of an evaluation: {error!r}") from None


def write_report(result: Result, folder: Path) -> Path:
    """Keep a result under `folder`/quality, and make `folder`/quality.md of all that are there.

    Returns:
        the page
    """
    kept = folder / "quality"
    kept.mkdir(parents=True, exist_ok=True)
    name = f"{result.dataset}-{result.protocol}"
    text = json.dumps(as_plain(result), ensure_ascii=False, indent=1)
    (kept / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    draw(result, kept / f"{name}.svg")
    results = [read_result(path) for path in sorted(kept.glob("*.json"))]
    page = folder / "quality.md"
    pictures = {path.stem for path in kept.glob("*.svg")}
    page.write_text(render(results, pictures), encoding="utf-8")
    return page


def render(results: list[Result], pictures: set[str]) -> str:
    """The page. pictures : names of the plots there are in the folder beside it"""
    ordered = sorted(results, key=lambda one: (ORDER.index(one.protocol), one.dataset))
    return "\n".join([INTRODUCTION, *(_chapter(result, pictures) for result in ordered)])


def _chapter(result: Result, pictures: set[str]) -> str:
    about = ABOUT[result.protocol]
    lines = [f"## {about.title}: {NAMES.get(result.dataset, result.dataset)}", "", about.text, ""]
    settings = ", ".join(f"{key} {_setting(value)}" for key, value in result.settings.items())
    lines += [f"Made by `{_command(result)}` ({settings}).", ""]
    for section in result.sections:
        lines += [f"**{section.title}**", "", *_table(section), ""]
    lines += [f"{note}\n" for note in result.notes]
    name = f"{result.dataset}-{result.protocol}"
    if name in pictures:
        lines += [f"![{about.title}](quality/{name}.svg)", ""]
    return "\n".join(lines)


def _command(result: Result) -> str:
    if result.protocol == "diversity":
        # There is nothing but the graph to ask.
        return "muse-graph evaluate diversity"
    protocol = {"through-graph": "discovery --through graph"}.get(result.protocol, result.protocol)
    return f"muse-graph evaluate {protocol} --data {result.dataset}"


def _setting(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def section_measure(section: Section, column: str) -> Measure:
    """What the figures of a column are; a table of one measure has columns for what it depends on."""
    return measure_of(section.measure or column)


def _table(section: Section) -> list[str]:
    lines = [
        "| | " + " | ".join(measure_of(column).title for column in section.columns) + " |",
        "|---|" + "---:|" * len(section.columns),
    ]
    best = {column: _best(section, column) for column in section.columns}
    for name, figures in section.rows.items():
        cells = [_cell(section, column, figures, best[column]) for column in section.columns]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _best(section: Section, column: str) -> str | None:
    """The best figure of a column as it is written; None where none is, or all are the same."""
    measure = section_measure(section, column)
    known = [row[column] for row in section.rows.values() if column in row and math.isfinite(row[column])]
    if measure.better <= 0 or len({measure.text(value) for value in known}) < 2:
        return None
    return measure.text(max(known))


def _cell(section: Section, column: str, figures: Mapping[str, float], best: str | None) -> str:
    text = section_measure(section, column).text(figures.get(column, math.nan))
    return f"**{text}**" if text == best else text
