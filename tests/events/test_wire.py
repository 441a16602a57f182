"""Lists of integers and sub-messages, unpacked in one place, against protobuf's own encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

from cupola.errors import DecodeError
from cupola.events import wire
from cupola.events.tensor import decode_shape


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_packed_varints(numbers: list[int]) -> None:
    message = TensorProto(int64_val=numbers).SerializeToString()
    found = [item for number, _, value in wire.fields(message) for item in wire.packed_varints(value)]
    assert [wire.signed(item) for item in found] == numbers


def test_a_list_that_was_not_packed() -> None:
    assert list(wire.packed_varints(7)) == [7]


def test_a_packed_list_that_ends_inside_a_number() -> None:
    with pytest.raises(DecodeError, match="without an end"):
        list(wire.packed_varints(memoryview(b"\x01\x80")))


def test_messages_of_one_field() -> None:
    message = b"".join((wire.field_bytes(2, b"a"), wire.field_varint(1, 5), wire.field_bytes(2, b"b")))
    assert [bytes(item) for item in wire.messages(message, 2)] == [b"a", b"b"]
    with pytest.raises(DecodeError):
        list(wire.messages(message, 1))


def test_shapes() -> None:
    def shape(*sizes: int, unknown_rank: bool = False) -> memoryview:
        dims = [TensorShapeProto.Dim(size=size) for size in sizes]
        return memoryview(TensorShapeProto(dim=dims, unknown_rank=unknown_rank).SerializeToString())

    assert decode_shape(shape()) == ()
    assert decode_shape(shape(3, 0, -1)) == (3, 0, -1)
    assert decode_shape(shape(unknown_rank=True)) is None
