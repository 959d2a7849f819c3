"""Frozen dataclasses of arrays as files: an ``.npy`` for each array, and a tree of JSON for what holds them.

What can be stored: numpy arrays, scipy's csr and csc arrays, numbers, texts, None, and tuples, lists, maps by
text and dataclasses of these. A dataclass is written field by field, by name, and made again through its own
constructor, so that its checks see what comes from a file. An array that two of them share is written once.
"""

from __future__ import annotations

import importlib
import os
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from muse_graph.errors import ModelError

__all__ = ["ModelReader", "ModelWriter", "Node"]

#: A value of JSON; a map has one key, which names its kind.
Node = Any
#: Classes of other modules are never made from a file.
_TRUSTED = ("muse_graph.core.", "muse_graph.model_store.")


class ModelWriter:
    """Writes values into a folder; `files` are the arrays written so far, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[int, tuple[str, NDArray[Any]]] = {}

    @property
    def files(self) -> list[str]:
        """Names of the files, in the order they were written."""
        return [name for name, _ in self._written.values()]

    def write(self, value: object, name: str) -> Node:
        """Write the arrays of a value to files that begin with the name, and return its tree.

        Raises:
            ModelError: For what cannot be kept.
        """
        match value:
            case None | bool() | int() | float() | str():
                return value
            case np.generic():
                return value.item()
            case np.ndarray():
                return {"array": self._array(value, name)}
            case sparse.csr_array() | sparse.csc_array():
                return {"sparse": self._sparse(value, name)}
            case tuple() | list():
                kind = "tuple" if isinstance(value, tuple) else "list"
                return {kind: [self.write(one, f"{name}.{index}") for index, one in enumerate(value)]}
            case dict():
                return {"map": {str(key): self.write(one, f"{name}.{key}") for key, one in value.items()}}
        return {"object": self._object(value, name)}

    def _object(self, value: object, name: str) -> Node:
        kind = type(value)
        if not is_dataclass(value) or not _is_trusted(kind.__module__):
            raise ModelError(f"{name} is a {kind.__module__}.{kind.__qualname__}, which a model cannot hold")
        kept = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        return {
            "class": f"{kind.__module__}:{kind.__qualname__}",
            "fields": {field: self.write(one, f"{name}.{field}") for field, one in kept.items()},
        }

    def _sparse(self, value: Any, name: str) -> Node:
        if not value.has_canonical_format:
            # Arrays that are read are read-only and cannot be sorted.
            value = value.copy()
            value.sum_duplicates()
        parts = {part: self._array(getattr(value, part), f"{name}.{part}") for part in _PARTS}
        return {"format": value.format, "shape": list(value.shape), **parts}

    def _array(self, value: NDArray[Any], name: str) -> str:
        if value.dtype.hasobject:
            raise ModelError(f"{name} is an array of Python objects, which a model cannot hold")
        if id(value) not in self._written:
            file_name = f"{name}.npy"
            with (self._folder / file_name).open("xb") as file:
                np.save(file, value, allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
            # The array is kept beside its name, for an id is only unique while its object lives.
            self._written[id(value)] = file_name, value
        return self._written[id(value)][0]


class ModelReader:
    """Makes values again out of trees; their arrays are mapped read-only, and shared where they were."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arrays: dict[str, NDArray[Any]] = {}

    def read(self, node: Node) -> Any:
        """Return the value of a tree; raises ModelError where the tree or a file of it is not as written."""
        try:
            return self._value(node)
        except OSError as error:
            raise ModelError(f"an array cannot be read: {error.strerror}") from error
        except (ValueError, TypeError, KeyError, AttributeError, ImportError) as error:
            raise ModelError(f"{type(error).__name__}: {error}") from error

    def _value(self, node: Node) -> Any:
        match node:
            case {"array": file_name}:
                return self._array(file_name)
            case {"sparse": content}:
                return self._sparse(content)
            case {"object": content}:
                return self._object(content)
            case {"tuple": parts}:
                return tuple(self._value(one) for one in parts)
            case {"list": parts}:
                return [self._value(one) for one in parts]
            case {"map": parts}:
                return {key: self._value(one) for key, one in parts.items()}
            case None | bool() | int() | float() | str():
                return node
        raise ModelError(f"{node!r:.100} is not a value of a model")

    def _object(self, content: Node) -> Any:
        module, _, name = content["class"].partition(":")
        if not _is_trusted(module):
            raise ModelError(f"{content['class']} is not a class of a model")
        kind: Any = getattr(importlib.import_module(module), name)
        if not hasattr(kind, "__dataclass_fields__"):
            raise ModelError(f"{content['class']} is not a dataclass")
        return kind(**{field: self._value(one) for field, one in content["fields"].items()})

    def _sparse(self, content: Node) -> Any:
        kind = {"csr": sparse.csr_array, "csc": sparse.csc_array}[content["format"]]
        parts = tuple(self._array(content[part]) for part in _PARTS)
        value = kind(parts, shape=tuple(content["shape"]), copy=False)
        # As it was written; looking would read every page.
        value.has_canonical_format = True
        return value

    def _array(self, file_name: str) -> NDArray[Any]:
        if Path(file_name).name != file_name:
            raise ModelError(f"{file_name!r} is not a file name")
        if file_name not in self._arrays:
            path = self._folder / file_name
            mapped = np.load(path, mmap_mode="r", allow_pickle=False)
            # The plain class: a memmap looks after its subclass at each slice.
            self._arrays[file_name] = np.asarray(mapped)
        return self._arrays[file_name]


_PARTS = ("data", "indices", "indptr")


def _is_trusted(module: str) -> bool:
    return module.startswith(_TRUSTED)
