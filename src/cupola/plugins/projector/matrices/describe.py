"""Columns of files as metadata of points."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cupola.errors import DecodeError
from cupola.plugins.projector.decode import Column, Metadata, column_of, decode_metadata
from cupola.plugins.projector.matrices.contents import Cells, Contents
from cupola.plugins.projector.matrices.read import read_contents


def metadata_of(contents: Contents, count: int) -> Metadata:
    """The columns of a file that have a value for each of `count` points and are no coordinates of theirs."""
    told = {
        name: cells
        for name, cells in contents.columns.items()
        if len(cells) == count and name not in contents.inside
    }
    return Metadata([column(name, cells) for name, cells in told.items()], count)


def metadata_of_file(path: Path, count: int) -> Metadata:
    """A metadata file's columns for `count` points; `rows` says how many it has.

    A TSV file is read as the projector's own, a CSV file has names of columns in its first line unless it has
    exactly a line for each point, and any other matrix file has columns.

    Raises:
        DecodeError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            if path.suffix.lower() in (".tsv", ".txt"):
                return decode_metadata(file.read().removeprefix(b"\xef\xbb\xbf"), count)
            if path.suffix.lower() == ".csv":
                return _csv(file.read().decode("utf-8-sig", "backslashreplace"), count)
            contents = read_contents(file, path.name)
    except OSError as error:
        raise DecodeError(f"{path.name} cannot be read: {error.strerror or error}") from None
    columns = [column(name, cells, count) for name, cells in contents.columns.items()]
    rows = {len(cells) for cells in contents.columns.values()}
    if not columns:
        raise DecodeError(f"{path.name} has no column of one value a point; wanted labels, or a table")
    return Metadata(columns, count if count in rows else max(rows))


def column(name: str, cells: Cells, count: int | None = None) -> Column:
    """A column of cells for `count` points; as many as there are cells unless told."""
    wanted = len(cells) if count is None else count
    if not isinstance(cells, np.ndarray):
        return column_of(name, cells, wanted)
    distinct, codes = np.unique(cells, return_inverse=True)
    texts = texts_of(distinct)
    return column_of(name, [texts[code] for code in codes.tolist()], wanted)


def texts_of(values: NDArray[Any]) -> list[str]:
    """Values of an array as texts: the shortest that gives a number back."""
    if values.dtype.kind == "S":
        return [value.decode("utf-8", "backslashreplace") for value in values.tolist()]
    if values.dtype.kind == "f":
        return [
            np.format_float_positional(value, trim="-")
            if 1e-4 <= abs(value) < 1e15
            else repr(value.item())
            if value
            else "0"
            for value in values
        ]
    return [str(value) for value in values.tolist()]


def _csv(text: str, count: int) -> Metadata:
    rows: list[Sequence[str]] = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    widest = max(map(len, rows), default=0)
    single = widest == 1
    has_header = bool(rows) and (len(rows) == count + 1 if single else len(rows) != count)
    header = rows.pop(0) if has_header else (["label"] if single else [])
    names = [header[at] if at < len(header) else f"column {at + 1}" for at in range(widest)]
    columns = [
        column_of(name, [row[at] if at < len(row) else "" for row in rows], count)
        for at, name in enumerate(names)
    ]
    return Metadata(columns, len(rows))
