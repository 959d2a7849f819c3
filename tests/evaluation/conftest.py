"""The data sets as published. Tests are skipped without them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from muse_graph.evaluation.data.datasets import Dataset, Tables, read_dataset


def folder_of(name: str) -> Path:
    folder = Path(os.environ.get("MUSE_DATA", "MUSE_DATA is not set")) / name
    if not folder.is_dir():
        pytest.skip(f"no {name} in {folder.parent.name}: MUSE_DATA names the folder of the data sets")
    return folder


@pytest.fixture(scope="session")
def hetrec() -> tuple[Dataset, Tables]:
    return read_dataset("hetrec", folder_of("hetrec2011-lastfm-2k"))


@pytest.fixture(scope="session")
def deezer() -> Dataset:
    return read_dataset("deezer", folder_of("deezer-hu"))[0]
