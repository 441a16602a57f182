"""`Event` messages for what hooks into the peers' classes: protobuf's own where it is installed."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

from cupola.events import event, wire
from cupola.peers.message import Message

_PROTOS = {
    "torch.utils.tensorboard.writer": "tensorboard.compat.proto.event_pb2",
    "tensorboardX.writer": "tensorboardX.proto.event_pb2",
}
_NAMES = {number: name for name, number in event.FIELDS.items()} | {5: "summary"}


class EventMessage:
    """An `Event`, where no protobuf is installed: what collectors read of it, and what file writers set."""

    def __init__(self, data: bytes) -> None:
        self.wall_time, self.step = 0.0, 0
        self._what, self._data = "", b""
        for number, wire_type, value in wire.fields(data):
            if number == 1 and isinstance(value, int):
                self.wall_time = wire.as_double(value)
            elif number == 2 and isinstance(value, int):
                self.step = wire.signed(value)
            elif number in _NAMES and wire_type == wire.BYTES:
                self._what, self._data = _NAMES[number], bytes(wire.view_of(value))

    def WhichOneof(self, group: str) -> str | None:
        """The field of the group `what` that is set."""
        return self._what or None

    def HasField(self, name: str) -> bool:
        """Whether the field of the group `what` is set."""
        return name == self._what

    @property
    def summary(self) -> Message:
        """The summary; empty if this is another event."""
        return Message("Summary", self._data if self._what == "summary" else b"")

    def SerializeToString(self) -> bytes:
        """The bytes."""
        return event.encode_event(
            self.wall_time, self.step, **({self._what: self._data} if self._what else {})
        )


def event_message(payload: bytes, peer_module: str) -> Any:
    """An `Event` of its bytes, as the peer's own writer would make it."""
    return _parser(peer_module)(payload)


@functools.cache
def _parser(peer_module: str) -> Callable[[bytes], Any]:
    for name in (_PROTOS[peer_module], *_PROTOS.values()):
        try:
            return importlib.import_module(name).Event.FromString  # type: ignore[no-any-return]
        except Exception:  # not installed, or made by another protobuf, which raises errors of many kinds
            continue
    return EventMessage
