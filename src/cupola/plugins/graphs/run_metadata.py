"""RunMetadata: how long each node took and how much memory its outputs hold, and the graphs that TensorFlow
puts in there.

Source: tensorboard/compat/proto/{config,step_stats,tensor_description,allocation_description}.proto
    (tensorboard 2.21.0)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cupola.events import wire


@dataclass(slots=True)
class NodeStats:
    """Sums over what the metadata says of one node."""

    time_us: float = 0.0
    bytes: int = 0
    """Held by the node's outputs."""
    device: str = ""


def decode_tagged(message: bytes | memoryview) -> tuple[str, memoryview]:
    """(tag, `RunMetadata` bytes) of a `TaggedRunMetadata`."""
    tag, inner = "", memoryview(b"")
    for number, _, value in wire.fields(message):
        if number == 1:
            tag = wire.text(value)
        elif number == 2:
            inner = wire.view_of(value)
    return tag, inner


def decode_stats(message: bytes | memoryview) -> dict[str, NodeStats]:
    """Statistics of each node by its name, from the bytes of a `RunMetadata`.

    Raises:
        DecodeError: the bytes are not a message.
    """
    found: dict[str, NodeStats] = {}
    for step_stats in wire.messages(message, 1):
        for device_stats in wire.messages(step_stats, 1):
            device, nodes = "", []
            for number, _, value in wire.fields(device_stats):
                if number == 1:
                    device = wire.text(value)
                elif number == 2:
                    nodes.append(wire.view_of(value))
            for node in nodes:
                _add(found, node, device)
    return found


def graphs(message: bytes | memoryview) -> Iterator[memoryview]:
    """The `GraphDef`s in a `RunMetadata`: before optimisation if they are there, else the devices' parts."""
    before = [graph for function in wire.messages(message, 4) for graph in wire.messages(function, 2)]
    yield from before or wire.messages(message, 3)


def _add(found: dict[str, NodeStats], message: memoryview, device: str) -> None:
    """`NodeExecStats`: node_name 1, op_end_rel_micros 4, all_end_rel_micros 5, output 7."""
    name, end, size = "", 0, 0
    for number, _, value in wire.fields(message):
        if number == 1:
            name = wire.text(value)
        elif number in (4, 5) and isinstance(value, int):
            end = max(end, wire.signed(value))
        elif number == 7:
            for description in wire.messages(wire.view_of(value), 3):
                for allocation in wire.messages(description, 4):
                    # requested_bytes
                    size += sum(
                        wire.signed(item)
                        for kind, _, item in wire.fields(allocation)
                        if kind == 1 and isinstance(item, int)
                    )
    # TensorFlow names the kernel's time line `name:Op`.
    stats = found.setdefault(name.partition(":")[0], NodeStats(device=device))
    stats.time_us += end
    stats.bytes += size
