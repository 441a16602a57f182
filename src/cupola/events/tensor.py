"""TensorProto: NumPy arrays and lists of bytes, to and from an event file's bytes.

Source: tensorboard/compat/proto/{tensor,tensor_shape}.proto (tensorboard 2.21.0)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from cupola.errors import DecodeError
from cupola.events import wire
from cupola.events.data_types import BFLOAT16, BY_NUMBER, BY_NUMPY, STRING

# TensorProto's typed lists: field number -> how one packed element is stored.
_PACKED: Final = {5: "<f4", 6: "<f8", 9: "<c8", 12: "<c16"}
_PACKED_AS: Final = {dtype.lstrip("<"): number for number, dtype in _PACKED.items()}
_LISTED_AS: Final = {"f2": 13, "i1": 7, "u1": 7, "i2": 7, "u2": 7, "i4": 7, "i8": 10, "b1": 11}
_VARINTS: Final = frozenset({7, 10, 11, 13, 16, 17})  # int, int64, bool, half, uint32, uint64


def encode_shape(shape: Sequence[int]) -> bytes:
    """Bytes of a `TensorShapeProto`."""
    return b"".join(wire.field_bytes(2, wire.field_varint(1, size) if size else b"") for size in shape)


def encode_array(array: np.ndarray[Any, Any]) -> bytes:
    """Bytes of a `TensorProto` that holds a numeric array in `tensor_content`.

    Raises:
        TypeError: the dtype has no number in types.proto.
    """
    array = np.ascontiguousarray(array).reshape(np.shape(array))
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    kind = BY_NUMPY.get(little.dtype)
    if kind is None:
        raise TypeError(f"dtype {array.dtype} cannot be written; wanted a float, int, bool or complex dtype")
    return (
        wire.field_varint(1, kind.number)
        + wire.field_bytes(2, encode_shape(array.shape))
        + wire.field_bytes(4, little.tobytes())
    )


def encode_list(array: np.ndarray[Any, Any]) -> bytes:
    """Bytes of a `TensorProto` that holds its numbers in a typed list (`float_val` ...), where readers other
    than TensorBoard look for them.

    Raises:
        TypeError: the dtype has no number in types.proto.
    """
    flat = np.ascontiguousarray(array).reshape(-1)
    little = flat.astype(flat.dtype.newbyteorder("<"), copy=False)
    if (stored := _PACKED_AS.get(little.dtype.str.lstrip("<|"))) is not None:
        data = wire.field_bytes(stored, little.tobytes()) if little.size else b""
    elif (listed := _LISTED_AS.get(little.dtype.str.lstrip("<|"))) is not None:
        numbers = little.view(np.uint16) if little.dtype.kind == "f" else little
        data = wire.field_bytes(listed, wire.varints(numbers)) if little.size else b""
    else:
        return encode_array(array)
    return (
        wire.field_varint(1, BY_NUMPY[little.dtype].number)
        + wire.field_bytes(2, encode_shape(np.shape(array)))
        + data
    )


def encode_bfloat16(array: np.ndarray[Any, Any]) -> bytes:
    """Bytes of a DT_BFLOAT16 `TensorProto` of float32 values, each cut to its upper 16 bits."""
    bits = np.ascontiguousarray(array, np.float32).reshape(-1).view(np.uint32) >> 16
    data = wire.field_bytes(13, wire.varints(bits)) if bits.size else b""
    return wire.field_varint(1, BFLOAT16.number) + wire.field_bytes(2, encode_shape(np.shape(array))) + data


def encode_strings(strings: Sequence[bytes], shape: Sequence[int] | None = None) -> bytes:
    """Bytes of a DT_STRING `TensorProto`; its shape is `[len(strings)]` if none is given."""
    shape = (len(strings),) if shape is None else shape
    return (
        wire.field_varint(1, STRING.number)
        + wire.field_bytes(2, encode_shape(shape))
        + b"".join(wire.field_bytes(8, item) for item in strings)
    )


def decode_shape(message: memoryview) -> tuple[int, ...] | None:
    """The sizes in a `TensorShapeProto`, -1 for an unknown one; None for an unknown rank."""
    sizes = []
    for number, _, value in wire.fields(message):
        if number == 3 and value:
            return None
        if number == 2:
            size = 0
            for inner, _, inner_value in wire.fields(wire.view_of(value)):
                if inner == 1 and isinstance(inner_value, int):
                    size = wire.signed(inner_value)
            sizes.append(size)
    return tuple(sizes)


def decode_tensor(message: bytes | memoryview) -> np.ndarray[Any, Any] | list[bytes]:
    """A numeric array with its shape, or the flat list of strings of a DT_STRING tensor (use `tensor_shape`
    for its shape).

    A list shorter than the shape is filled up with its last element, as protobuf's users expect. Memory is
    bounded by the bytes present:
    a shape that claims more than a fill of one element explains is refused.

    Raises:
        DecodeError: unknown dtype, or content and shape disagree.
    """
    dtype_number = 0
    shape: tuple[int, ...] = ()
    content: memoryview | None = None
    strings: list[bytes] = []
    packed: list[np.ndarray[Any, Any]] = []
    integers: list[int] = []
    for number, wire_type, value in wire.fields(message):
        if number == 1 and isinstance(value, int):
            dtype_number = value
        elif number == 2:
            shape = decode_shape(wire.view_of(value)) or ()
        elif number == 4:
            content = wire.view_of(value)
        elif number == 8:
            strings.append(bytes(wire.view_of(value)))
        elif number in _PACKED:
            packed.append(_packed_list(number, wire_type, value))
        elif number in _VARINTS:
            integers.extend(wire.packed_varints(value))
    kind = BY_NUMBER.get(dtype_number)
    if kind is STRING:
        return strings
    dtype = np.dtype("<u2") if kind is BFLOAT16 else None if kind is None else kind.numpy
    if dtype is None:
        raise DecodeError(f"tensor of unknown data type {dtype_number}")
    flat = _flat(dtype, content, packed, integers)
    if kind is BFLOAT16:
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    return _shaped(flat, shape)


def tensor_shape(message: bytes | memoryview) -> tuple[int, ...]:
    """The shape that a `TensorProto` declares; `()` if it declares none, or an unknown rank."""
    return next((decode_shape(shape) or () for shape in wire.messages(message, 2)), ())


def _packed_list(number: int, wire_type: int, value: int | memoryview) -> np.ndarray[Any, Any]:
    dtype = np.dtype(_PACKED[number])
    if wire_type == wire.FIXED32 and isinstance(value, int):
        return np.array([wire.as_float(value)], dtype)
    if wire_type == wire.FIXED64 and isinstance(value, int):
        return np.array([wire.as_double(value)], dtype)
    view = wire.view_of(value)
    if len(view) % dtype.itemsize:
        raise DecodeError(f"{len(view)} bytes are no whole number of {dtype} values")
    return np.frombuffer(view, dtype)


def _flat(
    dtype: np.dtype[Any], content: memoryview | None, packed: list[np.ndarray[Any, Any]], integers: list[int]
) -> np.ndarray[Any, Any]:
    if content is not None and len(content):
        if len(content) % dtype.itemsize:
            raise DecodeError(f"tensor_content of {len(content)} bytes is no whole number of {dtype} values")
        return np.frombuffer(content, dtype)
    if packed:
        return np.concatenate(packed).astype(dtype)
    if dtype.kind == "f" and dtype.itemsize == 2:  # half_val holds the bit patterns
        return np.array(integers, np.uint64).astype(np.uint16).view(dtype)
    return np.array(integers, np.uint64).astype(np.int64).astype(dtype)


def _shaped(flat: np.ndarray[Any, Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    if any(size < 0 for size in shape):
        raise DecodeError(f"tensor of shape {list(shape)}")
    count = math.prod(shape)
    if len(flat) == count:
        return flat.reshape(shape)
    if not shape and len(flat):
        return flat
    if len(flat) and len(flat) < count <= 1 << 24:
        return np.concatenate([flat, np.full(count - len(flat), flat[-1])]).reshape(shape)
    raise DecodeError(f"tensor of shape {list(shape)} holds {len(flat)} values")
