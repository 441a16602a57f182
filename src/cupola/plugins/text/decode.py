"""Texts from an event file's bytes: a string tensor of any rank.

Source: tensorboard/plugins/text/summary_v2.py and text_plugin.py (`reduce_to_2d`), tensorboard 2.21.0
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from cupola.errors import DecodeError
from cupola.events import event, tensor


@dataclass(frozen=True, slots=True)
class Text:
    """The strings of one step."""

    shape: tuple[int, ...]
    """`()` is one text, rank 1 a table of one column, rank 2 a table; more ranks are cut to their first table
    when shown.
    """
    strings: tuple[str, ...]
    """Row by row. Bytes that are not UTF-8 stand as backslash escapes."""


def decode(value: bytes | memoryview) -> Text:
    """The strings in an encoded `Summary.Value`. torch and tensorboardX write a single text as shape [1],
    which counts as one text.

    Raises:
        DecodeError: the value is no tensor of strings, or shape and strings disagree.
    """
    found = event.decode_value(value)
    if not isinstance(found.data, bytes) or found.form != event.TENSOR:
        raise DecodeError(f"a value of form {found.form} is no text; wanted field 8 (tensor)")
    strings = tensor.decode_tensor(found.data)
    if not isinstance(strings, list):
        raise DecodeError(f"a text is a tensor of strings; this one holds {strings.dtype}")
    shape = tensor.tensor_shape(found.data)
    if math.prod(shape) != len(strings):
        raise DecodeError(f"a text of shape {list(shape)} with {len(strings)} strings")
    return Text(
        () if shape == (1,) else shape, tuple(item.decode("utf-8", "backslashreplace") for item in strings)
    )


def display_tag(tag: str) -> str:
    """The tag as its user gave it: torch and tensorboardX append `/text_summary`."""
    return tag.removesuffix("/text_summary")
