"""GraphDef and RunMetadata: the messages of a graph, from nodes to bytes.

Source:
    tensorboard/compat/proto/{graph,node_def,attr_value,versions,step_stats,tensor_description}.proto
    (tensorboard 2.21.0)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Final

from cupola.events import wire
from cupola.events.data_types import BY_NAME
from cupola.events.tensor import encode_shape

PRODUCER: Final = 22
"""`versions.producer` that torch.utils.tensorboard writes."""

RUN_METADATA_TAG: Final = "step1"
"""Tag of the run metadata, torch.utils.tensorboard's."""


@dataclass(slots=True)
class Node:
    """One node of a graph. Its name's `/` are its scopes; output k > 0 is named `name:k` in `inputs`."""

    name: str
    op: str
    inputs: list[str] = field(default_factory=list)
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    """One for each output; -1 for an unknown size."""
    dtypes: list[str] = field(default_factory=list)
    """One for each output, as in `events.data_types`; other names are kept as text."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Further attributes, as text."""
    device: str = ""


def encode_graph(nodes: Iterable[Node]) -> bytes:
    """Bytes of a `GraphDef`."""
    out = b"".join(wire.field_bytes(1, _node(node)) for node in nodes)
    return out + wire.field_bytes(4, wire.field_varint(1, PRODUCER))


def encode_run_metadata(nodes: Sequence[Node], device: str = "/device:CPU:0") -> bytes:
    """Bytes of a `RunMetadata` that tells the size of each node's outputs.

    Args:
        nodes: those whose outputs take memory.
        device: where nodes without a device of their own ran.
    """
    by_device: dict[str, list[bytes]] = {device: []}
    for node in nodes:
        by_device.setdefault(node.device or device, []).append(wire.field_bytes(2, _node_stats(node)))
    stats = b"".join(
        wire.field_bytes(1, wire.field_string(1, name) + b"".join(parts)) for name, parts in by_device.items()
    )
    return wire.field_bytes(1, stats)


def encode_tagged(run_metadata: bytes, tag: str = RUN_METADATA_TAG) -> bytes:
    """Bytes of a `TaggedRunMetadata` around an encoded `RunMetadata`."""
    return wire.field_string(1, tag) + wire.field_bytes(2, run_metadata)


def _node(node: Node) -> bytes:
    out = [wire.field_string(1, node.name), wire.field_string(2, node.op)]
    out += [wire.field_string(3, name) for name in node.inputs]
    if node.device:
        out.append(wire.field_string(4, node.device))
    for key, value in _attributes(node):
        out.append(wire.field_bytes(5, wire.field_string(1, key) + wire.field_bytes(2, value)))
    return b"".join(out)


def _attributes(node: Node) -> Iterable[tuple[str, bytes]]:
    """(name, `AttrValue`) of each attribute: s 2, type 6, list 1 with type 6 and shape 7."""
    if node.shapes:
        shapes = b"".join(wire.field_bytes(7, encode_shape(shape)) for shape in node.shapes)
        yield "_output_shapes", wire.field_bytes(1, shapes)
    numbers = [_number(dtype) for dtype in node.dtypes]
    if any(numbers):
        yield "dtype", wire.field_varint(6, numbers[0])
    if any(number != numbers[0] for number in numbers):
        types = wire.field_bytes(6, b"".join(wire.varint(number) for number in numbers))
        yield "_output_types", wire.field_bytes(1, types)
    for index, (dtype, number) in enumerate(zip(node.dtypes, numbers, strict=True)):
        if not number:
            yield f"_dtype_{index}", wire.field_bytes(2, dtype.encode())
    for key, text in node.attributes.items():
        yield key, wire.field_bytes(2, text.encode("utf-8", "replace"))


def _number(dtype: str) -> int:
    """The data type's number; 0 (DT_INVALID) for a name that types.proto does not know."""
    return BY_NAME[dtype].number if dtype in BY_NAME else 0


def _node_stats(node: Node) -> bytes:
    """`NodeExecStats`: node_name 1, output 7 {slot 1, tensor_description 3 {dtype 1, shape 2,
    allocation_description 4}}.
    """
    out = [wire.field_string(1, node.name)]
    for slot, (shape, dtype) in enumerate(zip(node.shapes, node.dtypes, strict=True)):
        size = prod(shape) * (BY_NAME[dtype].item_bytes if dtype in BY_NAME else 0)
        allocation = wire.field_varint(1, size) + wire.field_varint(2, size)
        description = (
            wire.field_varint(1, _number(dtype))
            + wire.field_bytes(2, encode_shape(shape))
            + wire.field_bytes(4, allocation)
        )
        out.append(wire.field_bytes(7, wire.field_varint(1, slot) + wire.field_bytes(3, description)))
    return b"".join(out)
