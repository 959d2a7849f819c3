"""What is written for the product to learn from, and how its answers are scored."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from muse_graph.errors import DataError
from muse_graph.evaluation.answer_files import offered_genres, tracks_listed
from muse_graph.evaluation.data.datasets import Dataset, listening_dataset, whole_tables
from muse_graph.evaluation.data.splits import hidden_rows
from muse_graph.evaluation.data.tables import write_tables
from muse_graph.evaluation.end_to_end import Served, score_answers
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.tables import read_tables
from muse_graph.loaders.table_rules import pack


def tables_of(small: Dataset) -> list[tuple[str, list[list[object]]]]:
    users, items, genres = small.user_ids, small.item_ids, small.genre_ids
    pairs = zip(*np.nonzero(np.triu(small.friends.toarray())), strict=True)
    listens = zip(small.user, small.item, small.plays, strict=True)
    tags = zip(small.tag_user, small.tag_item, small.tag, strict=True)
    return [
        ("genres", [[one, one] for one in genres]),
        ("artists", [[one, one, None] for one in items]),
        (
            "tracks",
            [[one, one, [one], [genres[small.item_genre[n]], "a"]] for n, one in enumerate(items)],
        ),
        ("users", [[one, None, None] for one in users]),
        ("friendships", [[users[one], users[other], None] for one, other in pairs]),
        ("tags", [[users[user], items[item], f"tag {tag}"] for user, item, tag in tags]),
        (
            "listens",
            [
                [f"{user} {item}", users[user], items[item], None, None, None, int(plays), None, None]
                for user, item, plays in listens
            ],
        ),
    ]


def batches(small: Dataset):  # type: ignore[no-untyped-def]
    from muse_graph.loaders.columns import SCHEMAS

    for table, rows in tables_of(small):
        width = len(SCHEMAS[table]) - 1
        padded = [[*row, *[None] * (width - len(row)), n] for n, row in enumerate(rows, start=1)]
        yield from pack(table, padded, 1000)


def test_what_is_hidden_is_not_in_the_tables(small: Dataset, tmp_path: Path) -> None:
    tables = whole_tables(batches(small))
    dataset = listening_dataset("small", tables)
    hidden = hidden_rows(dataset, np.array([4, 7]), np.array([0, 3]))
    write_tables(tables, dataset, ~hidden, tmp_path)
    rejects = Rejects()
    again = whole_tables(read_tables(tmp_path, rejects))
    assert sum(tally.rejected for tally in rejects.tally.values()) == 0
    left = listening_dataset("again", again)
    assert left.user_ids == dataset.user_ids
    expected, found = dataset.training(~hidden), left.training(np.ones(len(left.user), np.bool_))
    assert found.interactions.item.tolist() == expected.interactions.item.tolist()
    assert found.interactions.plays.tolist() == expected.interactions.plays.tolist()
    assert abs(found.user_tags - expected.user_tags).sum() == 0
    assert abs(found.friends - expected.friends).sum() == 0
    assert found.item_genre.tolist() == expected.item_genre.tolist()
    assert {len(ids) for ids in again["tracks"]["genre_ids"].to_pylist()} == {1}


def write_lines(path: Path, *answers: object) -> Path:
    path.write_text("".join(json.dumps(answer) + "\n" for answer in answers), encoding="utf-8")
    return path


def ledger(user_id: str, *genres: tuple[str, str]) -> dict[str, object]:
    ranked = [{"rank": n, "genre_id": one, "state": state} for n, (one, state) in enumerate(genres, start=1)]
    return {"user_id": user_id, "genres": ranked[::-1]}


def test_friends_genres_come_first_and_the_others_after(tmp_path: Path) -> None:
    first = write_lines(tmp_path / "1", ledger("u1", ("b", "offered"), ("c", "home")), ledger("u2"))
    outside_network = write_lines(
        tmp_path / "2", ledger("u1", ("d", "offered"), ("b", "offered"), ("c", "offered"))
    )
    assert offered_genres([first, outside_network]) == {"u1": ["b", "d", "c"], "u2": []}


def test_answers_are_scored(small: Dataset, tmp_path: Path) -> None:
    users, genres = np.array([4, 7]), np.array([0, 3])
    hidden = hidden_rows(small, users, genres)
    wanted = [small.item_ids[item] for item in np.sort(small.item[hidden & (small.user == 4)])]
    items = [{"rank": n, "track_id": one} for n, one in enumerate(wanted[:3], start=1)]
    served = Served(
        {"row": [write_lines(tmp_path / "g", ledger("u4", ("b", "offered"), ("a", "offered")))]},
        {"row": write_lines(tmp_path / "l", {"user_id": "u4", "items": items})},
    )
    of_genres, of_lists = score_answers(small, served, users, genres, 4)
    assert of_genres["row"]["hit1"] == 0.0
    assert of_genres["row"]["mrr"] == pytest.approx(0.25)
    # User 7 has no answer, which counts as nothing found.
    assert of_lists["row"]["recall"] == pytest.approx(3 / len(wanted) / 2)
    assert of_lists["row"]["precision"] == pytest.approx(3 / 4 / 2)


def test_a_line_that_is_no_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="x:2: must be an answer with items"):
        tracks_listed(write_lines(tmp_path / "x", {"user_id": "u", "items": []}, {"user_id": "v"}))
