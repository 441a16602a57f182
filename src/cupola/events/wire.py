"""Protocol Buffers' wire format, as far as event files need it.

A message is bytes; a field is (number, wire type, value). There is no schema here: `event.py` and `tensor.py`
know the numbers.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from cupola.errors import DecodeError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VARINT: Final = 0
FIXED64: Final = 1
BYTES: Final = 2
FIXED32: Final = 5

MAX_DEPTH: Final = 100
"""Deepest nesting that a decoder follows; protobuf's own parsers stop there too."""

Field: TypeAlias = "tuple[int, int, int | memoryview]"


def varint(value: int) -> bytes:
    """Encoded unsigned or two's-complement 64-bit integer, 1 to 10 bytes."""
    value &= 0xFFFF_FFFF_FFFF_FFFF
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def varints(values: NDArray[np.integer[Any] | np.bool_]) -> bytes:
    """A packed list of integers: each as a varint, one after the other."""
    import numpy as np

    rest = values.reshape(-1).astype(np.int64).view(np.uint64)
    groups = np.empty((len(rest), 10), np.uint8)
    used = np.ones((len(rest), 10), np.bool_)
    for place in range(10):
        groups[:, place] = rest & np.uint64(0x7F) | np.uint64(0x80)
        rest = rest >> np.uint64(7)
        used[:, place + 1 :] &= (rest != 0)[:, np.newaxis]
        groups[rest == 0, place] &= 0x7F
    return groups[used].tobytes()


def field_varint(number: int, value: int) -> bytes:
    """An int, bool or enum field."""
    return varint(number << 3) + varint(value)


def field_double(number: int, value: float) -> bytes:
    """A double field."""
    return varint(number << 3 | FIXED64) + struct.pack("<d", value)


def field_float(number: int, value: float) -> bytes:
    """A float field."""
    return varint(number << 3 | FIXED32) + struct.pack("<f", value)


def field_bytes(number: int, value: bytes | bytearray | memoryview) -> bytes:
    """A bytes, string or sub-message field."""
    return b"".join((varint(number << 3 | BYTES), varint(len(value)), value))


def field_string(number: int, value: str) -> bytes:
    """A string field in UTF-8; lone surrogates become U+FFFD's replacement `?`."""
    return field_bytes(number, value.encode("utf-8", "replace"))


def fields(message: bytes | memoryview) -> Iterator[Field]:
    """Fields of a message in their order: an int for varint and fixed wire types, a view for bytes.

    Raises:
        DecodeError: the bytes are not a message.
    """
    view = memoryview(message)
    position, end = 0, len(view)
    while position < end:
        key, position = read_varint(view, position)
        number, wire_type = key >> 3, key & 7
        if number == 0:
            raise DecodeError(f"field number 0 at byte {position}")
        value: int | memoryview
        if wire_type == VARINT:
            value, position = read_varint(view, position)
        elif wire_type == FIXED64:
            value, position = int.from_bytes(view[position : position + 8], "little"), position + 8
        elif wire_type == FIXED32:
            value, position = int.from_bytes(view[position : position + 4], "little"), position + 4
        elif wire_type == BYTES:
            length, position = read_varint(view, position)
            value, position = view[position : position + length], position + length
        else:
            raise DecodeError(f"wire type {wire_type} at byte {position}")
        if position > end:
            raise DecodeError(f"field {number} ends {position - end} bytes behind its message")
        yield number, wire_type, value


def read_varint(view: memoryview, position: int) -> tuple[int, int]:
    """(value, position behind it) of the varint at `position`."""
    value = shift = 0
    while True:
        if position >= len(view) or shift > 63:
            raise DecodeError(f"varint without an end at byte {position}")
        byte = view[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, position
        shift += 7


def messages(message: bytes | memoryview, number: int) -> Iterator[memoryview]:
    """The sub-messages (or strings) in the fields of one number, in their order.

    Raises:
        DecodeError: the bytes are not a message, or such a field holds a number.
    """
    return (view_of(value) for found, _, value in fields(message) if found == number)


def packed_varints(value: int | memoryview) -> Iterator[int]:
    """The integers in one field of a repeated integer: a packed list, or a single unpacked one.

    Raises:
        DecodeError: the list ends inside a varint.
    """
    if isinstance(value, int):
        yield value
        return
    position = 0
    while position < len(value):
        item, position = read_varint(value, position)
        yield item


def signed(value: int) -> int:
    """The int64 that an unsigned varint stands for."""
    return value - (1 << 64) if value >> 63 else value


def as_double(value: int) -> float:
    """The double whose bits a FIXED64 field holds."""
    return float(struct.unpack("<d", value.to_bytes(8, "little"))[0])


def as_float(value: int) -> float:
    """The float whose bits a FIXED32 field holds."""
    return float(struct.unpack("<f", value.to_bytes(4, "little"))[0])


def text(value: int | memoryview) -> str:
    """The string of a BYTES field; bytes that are not UTF-8 show as backslash escapes."""
    if isinstance(value, int):
        raise DecodeError("a number where a string belongs")
    return bytes(value).decode("utf-8", "backslashreplace")


def view_of(value: int | memoryview) -> memoryview:
    """The bytes of a BYTES field.

    Raises:
        DecodeError: the field has another wire type.
    """
    if isinstance(value, int):
        raise DecodeError("a number where a message belongs")
    return value
