"""Tensors and metadata of embeddings, from the bytes of their files.

Source: tensorboard/plugins/projector/projector_plugin.py (`_read_tensor_tsv_file`,
`_read_tensor_binary_file`) and the `parseMetadata` of its page (tensorboard 2.21.0)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cupola.errors import DecodeError
from cupola.names import natural_key
from cupola.plugins.projector.encode import looks_like_text
from cupola.plugins.projector.labels import BLANK

BOM: Final = b"\xef\xbb\xbf"
"""Windows programs write it before UTF-8."""
SORTED_VALUES: Final = 10_000
"""Up to this many distinct values of a metadata column stand in natural order; more in that of appearance."""

_PIECE_BYTES: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class Column:
    """One field of the metadata."""

    name: str
    values: list[str]
    """The distinct values."""
    codes: NDArray[np.uint32]
    """For each point the index of its value."""
    numeric: bool
    """Every value is a number, or empty or NaN."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """All fields, and how many rows the file had for how many points."""

    columns: list[Column]
    rows: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """What a tensor file holds."""

    matrix: NDArray[np.float32]
    """N×D."""
    declared_rows: int | None = None
    """How many rows there should be where the file was cut short and holds fewer; else None."""

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.matrix.nbytes


def decode_tensor(data: bytes, shape: tuple[int, ...], path: str) -> Tensor:
    """The N×D matrix in a tensor file; of one that was cut short its whole rows.

    Args:
        data: the file; raw little-endian float32, or lines of numbers between tabs.
        shape: what the config says, or empty.
        path: the file's name, whose ending says which it is; for others the bytes decide, as in TensorBoard.

    Raises:
        DecodeError: no matrix, or not one of that shape.
    """
    if path.endswith(".bytes") or (path[-4:] not in (".tsv", ".txt") and not looks_like_text(data)):
        return _raw(data, shape)
    if data[:8192] and not _is_text(data[:8192]):
        return _raw(data, shape)
    text = data.removeprefix(BOM)
    whole = _whole_rows(text)
    matrix = decode_numbers(whole)
    if not shape:
        return Tensor(matrix, None if len(whole) == len(text) else len(matrix) + 1)
    if matrix.size == 0:
        matrix = matrix.reshape(0, shape[-1])
    was_cut = 0 < len(matrix) < shape[0] and matrix.shape[1:] == shape[1:]
    if matrix.shape != shape and not was_cut:
        seen, wanted = _times(matrix.shape), _times(shape)
        raise DecodeError(f"the tensor file is {seen}, the config says {wanted}").coded(
            "tensor_shape", seen=seen, wanted=wanted
        )
    return Tensor(matrix, shape[0] if was_cut else None)


def decode_metadata(data: bytes, count: int, declared_rows: int | None = None) -> Metadata:
    """The metadata of `count` points. A file with a tab in its first line has a header, one of a single
    column has none (unless it is one line too long: torch writes a header there too).

    Rows that are missing read as empty; rows too many are left out; `rows` says how many there were.

    Args:
        data: the file.
        count: of points.
        declared_rows: of points that it was written for, where the tensor's file was cut short since.
    """
    text = data.removeprefix(BOM).decode("utf-8", "backslashreplace")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if lines and not lines[-1]:
        lines.pop()
    header = bool(lines) and "\t" in lines[0]
    written = count if declared_rows is None else declared_rows
    # TensorBoard skips blank lines; where exactly they make the count right they are empty labels.
    if len(lines) != written + header:
        lines = [line for line in lines if line.strip()]
    names = ["label"]
    if header or len(lines) == written + 1:
        names = lines.pop(0).split("\t")
    rows = [line.split("\t") for line in lines[:count]]
    columns = [
        column_of(name, ["" if len(row) <= at or row[at] == BLANK else row[at] for row in rows], count)
        for at, name in enumerate(_distinct(names))
    ]
    return Metadata(columns, len(lines))


def column_of(name: str, cells: Sequence[str], count: int) -> Column:
    """One field of `count` points from a cell for each; cells that are missing are empty."""
    cells = [*cells[:count], *[""] * (count - len(cells))]
    values = list(dict.fromkeys(cells))
    numeric = any(values) and all(is_number(value) for value in values)
    if numeric:
        values.sort(
            key=lambda value: (0, float(value)) if value and float(value) == float(value) else (1, 0.0)
        )
    elif len(values) <= SORTED_VALUES:
        values.sort(key=natural_key)
    index = {value: code for code, value in enumerate(values)}
    return Column(name, values, np.fromiter(map(index.__getitem__, cells), np.uint32, count), numeric)


def is_number(value: str) -> bool:
    """Whether a cell is a number, or empty."""
    try:
        float(value or "nan")
    except ValueError:
        return False
    return True


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out


def _raw(data: bytes, shape: tuple[int, ...]) -> Tensor:
    if len(shape) != 2:
        raise DecodeError(
            f"a raw tensor of shape {list(shape)}; wanted two sizes in the config's tensor_shape"
        ).coded("raw_shape", shape=_times(shape))
    rows, width = shape
    held = len(data) // (4 * width) if width else rows
    if len(data) > rows * width * 4 or (held == 0 and rows > 0):
        raise DecodeError(
            f"the tensor file has {len(data)} bytes; wanted 4 for each of {_times(shape)} numbers"
        ).coded("tensor_bytes", bytes=len(data), shape=_times(shape))
    matrix = np.frombuffer(data, "<f4", held * width).reshape(held, width)
    return Tensor(matrix, rows if held < rows else None)


def _whole_rows(text: bytes) -> bytes:
    """Lines of numbers without a last one that was cut off: without an end, and with too few numbers."""
    start = text.rfind(b"\n") + 1
    last = text[start:]
    if start == 0 or not last.strip():
        return text
    is_cut = last.count(b"\t") < text[: text.find(b"\n")].count(b"\t") or last.endswith(b"\t")
    return text[:start] if is_cut else text


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def decode_numbers(data: bytes, separator: bytes = b"\t") -> NDArray[np.float32]:
    """Lines of numbers as a matrix.

    Raises:
        DecodeError: a cell is no number, or a row is longer or shorter than the first.
    """
    parts: list[NDArray[np.float32]] = []
    width = line = 0
    for piece in _pieces(data):
        rows = [row for row in piece.split(b"\n") if row.strip()]
        for row in rows:
            line += 1
            cells = row.count(separator) + 1
            width = width or cells
            if cells != width:
                raise DecodeError(
                    f"row {line} of the tensor has {cells} numbers, the rows before it {width}"
                ).coded("tensor_row", row=line, cells=cells, width=width)
        try:
            values = np.fromiter(
                map(float, separator.join(rows).split(separator) if rows else ()), np.float64
            )
        except ValueError as error:
            first = line - len(rows) + 1
            raise DecodeError(f"rows {first} to {line} of the tensor: {error}").coded(
                "tensor_number", first=first, last=line, error=str(error)
            ) from None
        with np.errstate(over="ignore"):
            parts.append(values.astype(np.float32))
    flat = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return flat.reshape(-1, width) if width else flat.reshape(0, 0)


def _pieces(data: bytes) -> Iterator[bytes]:
    """The text in pieces that end with a line."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", min(start + _PIECE_BYTES, len(data)))
        end = len(data) if end < 0 else end + 1
        yield data[start:end]
        start = end


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
