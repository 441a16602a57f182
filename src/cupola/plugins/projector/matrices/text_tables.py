"""TSV and CSV: rows of numbers, or a table with names of columns in its first line."""

from __future__ import annotations

import csv
import io
import mmap
from pathlib import PurePath

import numpy as np

from cupola.errors import DecodeError
from cupola.plugins.projector.decode import BOM, decode_numbers, is_number
from cupola.plugins.projector.matrices.contents import Cells, Contents, Matrix


def read_text(mapped: mmap.mmap, name: str) -> Contents:
    """The columns of a table; without names of columns a matrix of more than one column, or one column.

    Columns of floating-point numbers are a matrix together, and where there are none those of whole numbers.

    Raises:
        DecodeError: no text in UTF-8, or rows of different lengths.
    """
    data = mapped[:]
    try:
        first = data.split(b"\n", 1)[0].decode("utf-8-sig").rstrip("\r")
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DecodeError(
            f"{name} is neither a file of a kind that is known nor text in UTF-8 ({error.reason} at byte "
            f"{error.start}); wanted .npy, .npz, .parquet, .arrow, .safetensors, .tsv or .csv"
        ) from None
    separator = "\t" if "\t" in first else ","
    cells = next(csv.reader([first], delimiter=separator), [])
    if len(cells) > 1 and all(map(is_number, cells)):
        numbers = decode_numbers(data.removeprefix(BOM), separator.encode())
        return Contents({PurePath(name).stem: Matrix((len(numbers), numbers.shape[1]), lambda: numbers)})
    return _table(data.decode("utf-8-sig"), separator, name)


def _table(text: str, separator: str, name: str) -> Contents:
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row]
    if not rows:
        raise DecodeError(f"{name} is empty")
    has_header = not (len(rows[0]) == 1 and (len(rows) == 1 or is_number(rows[0][0])))
    header = _distinct(rows.pop(0)) if has_header else ["value"]
    for at, row in enumerate(rows):
        if len(row) != len(header):
            raise DecodeError(
                f"row {at + 1} of {name} has {len(row)} cells and its first line names {len(header)}"
            )
    columns: dict[str, Cells] = {key: [row[at] for row in rows] for at, key in enumerate(header)}
    numeric = [key for key, cells in columns.items() if rows and all(is_number(cell) for cell in cells)]
    chosen = [key for key in numeric if not all(cell.lstrip("+-").isdigit() for cell in columns[key] if cell)]
    chosen = chosen if len(chosen) > 1 else numeric
    contents = Contents(columns=columns)
    if len(chosen) > 1:
        made = np.array(
            [[float(cell or "nan") for cell in columns[key]] for key in chosen], np.float32
        ).T.copy()
        contents.matrices[PurePath(name).stem] = Matrix((len(rows), len(chosen)), lambda: made)
        contents.inside = frozenset(chosen)
    return contents


def _distinct(names: list[str]) -> list[str]:
    return [name if names.index(name) == at else f"{name} ({at + 1})" for at, name in enumerate(names)]
