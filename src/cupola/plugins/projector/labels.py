"""Metadata of embeddings: labels of every kind to the lines of `metadata.tsv`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from cupola.errors import WrongType, WrongValue
from cupola.values.arguments import as_text, as_texts
from cupola.values.arrays import is_masked, make_np
from cupola.values.foreign import is_array
from cupola.values.torch_tensors import is_tensor

BLANK: Final = "\u200b"
"""A zero-width space, for an empty label: TensorBoard skips blank lines, which would shift the others."""

_SPACES: Final = str.maketrans("\t\n\r", "   ")


def lines(metadata: Any, header: Any, count: int) -> list[str]:
    """The lines of a metadata file.

    Args:
        metadata: `count` labels, or rows of as many cells as there are names: a list, an array or tensor, a
            column or table of pandas, Polars or Arrow, a generator.
        header: names of columns; None takes those that a table has.
        count: how many points there are.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    rows = _rows(metadata, count)
    if header is None:
        header = getattr(metadata, "columns", None)
    names = [] if header is None else [_cell(name) for name in as_texts(header, "metadata_header")]
    if not names:
        return [_cell(row) or BLANK for row in rows]
    written = ["\t".join(names)] if len(names) > 1 else []
    for index, row in enumerate(rows):
        cells = _cells(row)
        if len(cells) != len(names):
            raise WrongValue(
                f"metadata[{index}] has {len(cells)} cells and metadata_header {len(names)} names; "
                "wanted as many"
            )
        texts = [_cell(cell) for cell in cells]
        written.append("\t".join([texts[0] or BLANK, *texts[1:]]))
    return written


def _rows(metadata: Any, count: int) -> list[Any]:
    try:
        rows = None if isinstance(metadata, (str, bytes, Mapping)) else _members(metadata)
    except (WrongType, WrongValue):
        raise
    except Exception:  # nothing to go through; whatever its class raises when it is looked at
        rows = None
    if rows is None:
        raise WrongType(f"metadata is a {type(metadata).__name__}; wanted a list of {count} labels")
    if len(rows) != count:
        raise WrongValue(f"metadata has {len(rows)} labels for {count} rows of mat; wanted one for each")
    return rows


def _cells(row: Any) -> list[Any]:
    single = isinstance(row, (str, bytes)) or not hasattr(row, "__len__") or np.ndim(row) == 0
    return [row] if single else _members(row)


def _members(value: Any) -> list[Any]:
    """The items of an iterable, the rows of a table."""
    for convert in ("to_pylist", "to_numpy"):  # Arrow; pandas and Polars
        if not isinstance(value, type) and callable(getattr(value, convert, None)):
            value = getattr(value, convert)()
            break
    if is_array(value) and not isinstance(value, np.ndarray):
        value = make_np(value, "metadata")
    return [item.values() if isinstance(item, Mapping) else item for item in value]


def _cell(value: Any) -> str:
    """A value as a label: what `str` says; of a tensor of one element its number. A blank one is empty, and
    so is a masked one.
    """
    if is_masked(value) and value.ndim == 0 and value.mask:
        return ""
    if is_tensor(value):
        value = make_np(value, "metadata")
    if isinstance(value, (np.ndarray, np.generic)) and value.size == 1:
        value = value.reshape(-1)[0]
    text = as_text(value).translate(_SPACES)
    return text if text.strip() else ""
