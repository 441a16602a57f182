"""Attributes of a node as text: an `AttrValue` of a `GraphDef` in words, cut to what a person reads.

Source: tensorboard/compat/proto/attr_value.proto (tensorboard 2.21.0)
"""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from cupola.errors import DecodeError
from cupola.events import wire
from cupola.events.data_types import BY_NUMBER
from cupola.events.tensor import decode_shape, decode_tensor, tensor_shape

MAX_TEXT: Final = 1024
"""Characters of one attribute that are kept."""

MAX_ITEMS: Final = 64
"""Items of a list, and numbers of a tensor, that are shown."""

Shape = tuple[int, ...] | None
"""Sizes, -1 for an unknown one; None for an unknown rank."""


def shape_text(shape: Shape) -> str:
    """`1×3×224×224`, `?` for what is unknown, `scalar` for rank 0."""
    if shape is None:
        return "?"
    return "×".join("?" if size < 0 else str(size) for size in shape) or "scalar"


def dtype_name(number: int) -> str:
    """`float32`; TensorFlow's reference types (100 and up) as `float32_ref`."""
    if number > 100:
        return f"{dtype_name(number - 100)}_ref"
    known = BY_NUMBER.get(number)
    return known.name if known else f"type {number}" if number else ""


def text_of(message: memoryview) -> str:
    """An `AttrValue` as text."""
    for number, _, value in wire.fields(message):
        if number == 1:
            return _list(wire.view_of(value))
        return _one(number, value)
    return ""


def shapes_of(message: memoryview) -> list[Shape]:
    """The shapes in an `AttrValue`'s list, or its one shape."""
    for number, _, value in wire.fields(message):
        if number == 1:
            return [decode_shape(shape) for shape in wire.messages(wire.view_of(value), 7)]
        if number == 7:
            return [decode_shape(wire.view_of(value))]
    return []


def types_of(message: memoryview) -> list[str]:
    """The data types in an `AttrValue`: its one type, or its list's."""
    for number, _, value in wire.fields(message):
        if number == 6 and isinstance(value, int):
            return [dtype_name(value)]
        if number == 1:
            return [
                name
                for kind, _, item in wire.fields(wire.view_of(value))
                if kind == 6
                for name in _types(item)
            ]
    return []


def cut(text: str) -> str:
    """`text`, or its beginning and how long it was."""
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text)} characters)"


def _one(number: int, value: int | memoryview) -> str:
    if number == 2:
        return cut(wire.text(value))
    if number == 3 and isinstance(value, int):
        return str(wire.signed(value))
    if number == 4 and isinstance(value, int):
        return f"{wire.as_float(value):.9g}"
    if number == 5:
        return "true" if value else "false"
    if number == 6:
        return ", ".join(_types(value))
    if number == 7:
        return shape_text(decode_shape(wire.view_of(value)))
    if number == 8:
        return _tensor(wire.view_of(value))
    if number == 10:
        name = next((wire.text(item) for item in wire.messages(wire.view_of(value), 1)), "")
        return f"function {name}"
    return cut(wire.text(value)) if not isinstance(value, int) else str(value)


def _types(value: int | memoryview) -> list[str]:
    return [dtype_name(number) for number in wire.packed_varints(value)]


def _list(message: memoryview) -> str:
    parts: list[str] = []
    for number, wire_type, value in wire.fields(message):
        if wire_type == wire.BYTES and number in (3, 5) and not isinstance(value, int):
            shown = islice(wire.packed_varints(value), MAX_ITEMS + 1 - len(parts))
            parts += [_one(number, item) for item in shown]
        elif wire_type == wire.BYTES and number == 4 and not isinstance(value, int):
            floats = (value[i : i + 4] for i in range(0, min(len(value), 4 * MAX_ITEMS + 4), 4))
            parts += [_one(4, int.from_bytes(item, "little")) for item in floats]
        else:
            parts.append(_one(number if number != 9 else 10, value))
        if len(parts) > MAX_ITEMS:
            return cut(f"[{', '.join(parts[:MAX_ITEMS])}, …]")
    return cut(f"[{', '.join(parts)}]")


def _tensor(message: memoryview) -> str:
    shape = shape_text(tensor_shape(message))
    if len(message) > 64 * MAX_ITEMS:
        return f"tensor {shape}"
    try:
        tensor: Any = decode_tensor(message)
    except DecodeError as error:
        return f"tensor {shape} ({error})"
    if isinstance(tensor, list):
        items = [item.decode("utf-8", "backslashreplace") for item in tensor[:MAX_ITEMS]]
        return cut(f"string {shape}: {', '.join(items)}")
    values = ", ".join(
        f"{value:.6g}" if value.dtype.kind == "f" else str(value) for value in tensor.flat[:MAX_ITEMS]
    )
    return cut(f"{tensor.dtype} {shape}: {values}{', …' if tensor.size > MAX_ITEMS else ''}")
