"""Parquet and Arrow (IPC, Feather) by pyarrow, of the extra `cupola[projector]`.

A column of lists of equal length is a matrix. Where there is none, the columns of floating-point numbers are
one together. All others describe the points.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

import numpy as np

from cupola.errors import DecodeError
from cupola.plugins.projector.matrices.contents import Cells, Contents, Floats, Matrix

MISSING = (
    "{name} is read by pyarrow, which is not installed; `pip install 'cupola[projector]'` brings it, or save "
    "the matrix by numpy.save"
)

Batches = Callable[[list[str]], "Iterator[Any]"]


def read_arrow(mapped: mmap.mmap, name: str) -> Contents:
    """The columns of a table.

    Raises:
        DecodeError: pyarrow is not there, or cannot read it.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise DecodeError(MISSING.format(name=name)) from None
    try:
        return _contents(PurePath(name).stem, *_open(pa, mapped))
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, DecodeError):
            raise
        raise DecodeError(f"{name} cannot be read: {error}") from None


def _open(pa: Any, mapped: mmap.mmap) -> tuple[Any, int, Batches]:
    """Schema, number of rows, and what gives some columns batch by batch, so that nothing is held twice."""
    source = pa.BufferReader(pa.py_buffer(mapped))
    if mapped[:4] == b"PAR1":
        import pyarrow.parquet as pq

        file = pq.ParquetFile(source)
        return (
            file.schema_arrow,
            file.metadata.num_rows,
            lambda names: file.iter_batches(1 << 16, columns=names),
        )
    if mapped[:6] == b"ARROW1":
        table = pa.ipc.open_file(source).read_all()  # no copy: its memory is the file's
    elif mapped[:4] == b"FEA1":
        import pyarrow.feather

        table = pyarrow.feather.read_table(source)
    else:
        table = pa.ipc.open_stream(source).read_all()
    return table.schema, table.num_rows, lambda names: iter(table.select(names).to_batches())


def _contents(stem: str, schema: Any, rows: int, batches: Batches) -> Contents:
    import pyarrow as pa

    contents = Contents()
    names = [str(name) for name in schema.names]
    if len(set(names)) != len(names):
        raise DecodeError("two columns have one name; wanted each to have its own")
    kinds = dict(zip(names, schema.types, strict=True))
    for name, kind in kinds.items():
        if _is_list(pa, kind) and _is_number(pa, kind.value_type):
            _add_lists(contents, name, rows, batches)
    floats = [name for name, kind in kinds.items() if pa.types.is_floating(kind)]
    if not contents.matrices and len(floats) > 1:
        shape = (rows, len(floats))
        contents.matrices[stem] = Matrix(shape, lambda: _side_by_side(floats, rows, batches))
        contents.inside = frozenset(floats)
    for name, kind in kinds.items():
        if name in contents.inside or (_is_list(pa, kind) and name in contents.matrices):
            continue
        if not _is_list(pa, kind) and not pa.types.is_nested(kind) and not pa.types.is_binary(kind):
            contents.columns[name] = _cells(name, batches)
        elif not any(line.startswith(f"{name} ") for line in contents.left_out):
            contents.left_out.append(f"{name} holds {kind}; wanted numbers, texts, or lists of numbers")
    return contents


def _is_list(pa: Any, kind: Any) -> bool:
    return any(test(kind) for test in (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list))


def _is_number(pa: Any, kind: Any) -> bool:
    return any(test(kind) for test in (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean))


def _add_lists(contents: Contents, name: str, rows: int, batches: Batches) -> None:
    """A column of lists as a matrix, if all that are there have one length."""
    import pyarrow.compute as pc

    lengths: set[int] = set()
    for batch in batches([name]):
        lengths |= set(pc.unique(pc.list_value_length(batch.column(0))).drop_null().to_pylist())
    if len(lengths) != 1 or lengths == {0}:
        seen = f"lists of {min(lengths)} to {max(lengths)} numbers" if lengths else "no list"
        contents.left_out.append(f"{name} holds {seen}; wanted all of one length")
        return
    width = lengths.pop()
    contents.matrices[name] = Matrix((rows, width), lambda: _lists(name, rows, width, batches))


def _lists(name: str, rows: int, width: int, batches: Batches) -> Floats:
    out = np.full((rows, width), np.nan, np.float32)
    start = 0
    for batch in batches([name]):
        column = batch.column(0)
        there = ~np.asarray(column.is_null().to_numpy(zero_copy_only=False))
        values = column.drop_null().flatten().to_numpy(zero_copy_only=False)
        with np.errstate(over="ignore"):
            out[start : start + len(column)][there] = values.reshape(-1, width)
        start += len(column)
    return out


def _side_by_side(names: list[str], rows: int, batches: Batches) -> Floats:
    out = np.empty((rows, len(names)), np.float32)
    start = 0
    for batch in batches(names):
        for at, name in enumerate(names):
            with np.errstate(over="ignore"):
                out[start : start + len(batch), at] = batch.column(name).to_numpy(zero_copy_only=False)
        start += len(batch)
    return out


def _cells(name: str, batches: Batches) -> Cells:
    """One value a row; what is null is empty."""
    parts: list[str] = []
    for batch in batches([name]):
        parts += ["" if value is None else str(value) for value in batch.column(0).to_pylist()]
    return parts
