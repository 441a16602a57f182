"""Event, Summary and SummaryMetadata: the messages of an event file.

Encoding gives the bytes of one record's payload (`_codec` frames and writes them); decoding reads one
`Summary.Value`, which is what a blob reference points to.

Source: tensorboard/compat/proto/{event,summary}.proto (tensorboard 2.21.0)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cupola.events import wire

FILE_VERSION: Final = "brain.Event:2"

# DataClass in summary.proto, as far as it is used: a scalar, or nothing said.
DATA_CLASS_UNKNOWN: Final = 0
DATA_CLASS_SCALAR: Final = 1

# Summary.Value's oneof: the field number says which form a value has.
SIMPLE_VALUE: Final = 2
IMAGE: Final = 4
HISTO: Final = 5
AUDIO: Final = 6
TENSOR: Final = 8

# Event's oneof.
FIELDS: Final = {
    "file_version": 3,
    "graph_def": 4,
    "log_message": 6,
    "session_log": 7,
    "tagged_run_metadata": 8,
    "source_metadata": 10,
}

WARN: Final = 30
"""LogMessage.Level: readers show messages of this level and above as damage that the writer reports."""

START: Final = 1
"""SessionLog.SessionStatus: the run begins (anew) at the event's step."""


@dataclass(frozen=True, slots=True)
class SummaryMetadata:
    """What the first value of a tag says about all of them."""

    plugin_name: str = ""
    content: bytes = b""
    display_name: str = ""
    description: str = ""
    data_class: int = DATA_CLASS_UNKNOWN


@dataclass(frozen=True, slots=True)
class Value:
    """One `Summary.Value`: its tag, which form it has, and that form's bytes or number."""

    tag: str = ""
    form: int = 0
    """Field number of the oneof: `SIMPLE_VALUE`, `IMAGE`, `HISTO`, `AUDIO`, `TENSOR`; 0 if there is only
    metadata.
    """
    data: bytes | float = b""
    metadata: SummaryMetadata = field(default_factory=SummaryMetadata)


def encode_metadata(metadata: SummaryMetadata) -> bytes:
    """Bytes of a `SummaryMetadata`."""
    plugin = b""
    if metadata.plugin_name:
        plugin += wire.field_string(1, metadata.plugin_name)
    if metadata.content:
        plugin += wire.field_bytes(2, metadata.content)
    out = wire.field_bytes(1, plugin) if plugin else b""
    if metadata.display_name:
        out += wire.field_string(2, metadata.display_name)
    if metadata.description:
        out += wire.field_string(3, metadata.description)
    if metadata.data_class:
        out += wire.field_varint(4, metadata.data_class)
    return out


def decode_metadata(message: bytes | memoryview) -> SummaryMetadata:
    """A `SummaryMetadata` from its bytes.

    Raises:
        DecodeError: the bytes are not a message.
    """
    plugin_name = display_name = description = ""
    content = b""
    data_class = 0
    for number, _, value in wire.fields(message):
        if number == 1:
            for inner, _, inner_value in wire.fields(wire.view_of(value)):
                if inner == 1:
                    plugin_name = wire.text(inner_value)
                elif inner == 2:
                    content = bytes(wire.view_of(inner_value))
        elif number == 2:
            display_name = wire.text(value)
        elif number == 3:
            description = wire.text(value)
        elif number == 4 and isinstance(value, int):
            data_class = value
    return SummaryMetadata(plugin_name, content, display_name, description, data_class)


def encode_value(tag: str, form: int, data: bytes | float, metadata: SummaryMetadata | None = None) -> bytes:
    """Bytes of a `Summary.Value`. `data` is a float for `SIMPLE_VALUE` and the sub-message's bytes else; form
    0 has metadata only.
    """
    out = wire.field_string(1, tag)
    if form == SIMPLE_VALUE:
        assert isinstance(data, float)
        out += wire.field_float(SIMPLE_VALUE, data)
    elif form:
        assert isinstance(data, bytes)
        out += wire.field_bytes(form, data)
    if metadata is not None:
        out += wire.field_bytes(9, encode_metadata(metadata))
    return out


def decode_value(message: bytes | memoryview) -> Value:
    """A `Summary.Value` from its bytes; an empty tag is replaced by `node_name`, as TensorBoard does.

    Raises:
        DecodeError: the bytes are not a message.
    """
    tag = node_name = ""
    form = 0
    data: bytes | float = b""
    metadata = SummaryMetadata()
    for number, _, value in wire.fields(message):
        if number == 1:
            tag = wire.text(value)
        elif number == 7:
            node_name = wire.text(value)
        elif number == SIMPLE_VALUE and isinstance(value, int):
            form, data = number, wire.as_float(value)
        elif number in (IMAGE, HISTO, AUDIO, TENSOR):
            form, data = number, bytes(wire.view_of(value))
        elif number == 9:
            metadata = decode_metadata(wire.view_of(value))
    return Value(tag or node_name, form, data, metadata)


def encode_summary(*values: bytes) -> bytes:
    """Bytes of a `Summary` of encoded values."""
    return b"".join(wire.field_bytes(1, value) for value in values)


def encode_event(wall_time: float, step: int = 0, *, summary: bytes | None = None, **other: bytes) -> bytes:
    """Bytes of an `Event`.

    Args:
        wall_time: seconds since 1970 UTC.
        step: an int64.
        summary: an encoded `Summary`.
        other: the fields of `FIELDS`, encoded.
    """
    out = wire.field_double(1, wall_time)
    if step:
        out += wire.field_varint(2, step)
    if summary is not None:
        out += wire.field_bytes(5, summary)
    for name, message in other.items():
        out += wire.field_bytes(FIELDS[name], message)
    return out


def encode_log_message(text: str, level: int = WARN) -> bytes:
    """Bytes of a `LogMessage`."""
    return wire.field_varint(1, level) + wire.field_string(2, text)


def encode_session_log(status: int = START) -> bytes:
    """Bytes of a `SessionLog`."""
    return wire.field_varint(1, status)
