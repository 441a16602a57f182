"""Encoded messages with protobuf's face: fields by name, `SerializeToString()`, comparison, text. For those
who look into a `Summary`.

Nothing is decoded before it is asked for. The field names are part of the peers' public behaviour.

Source: tensorboard/compat/proto/{summary,histogram,tensor,tensor_shape}.proto (tensorboard 2.21.0);
    https://protobuf.dev/reference/protobuf/textformat-spec/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from cupola.events import event, wire
from cupola.events.data_types import BFLOAT16, BY_NUMBER
from cupola.values.deferred import Deferred


class Field(NamedTuple):
    """One row of a schema."""

    name: str
    kind: str
    """`int`, `bool`, `dtype`, `float`, `double`, `string`, `bytes`, or another schema's name."""
    repeated: bool = False


SCHEMAS: Final[dict[str, dict[int, Field]]] = {
    "Summary": {1: Field("value", "Summary.Value", True)},
    "Summary.Value": {
        1: Field("tag", "string"),
        2: Field("simple_value", "float"),
        4: Field("image", "Summary.Image"),
        5: Field("histo", "HistogramProto"),
        6: Field("audio", "Summary.Audio"),
        7: Field("node_name", "string"),
        8: Field("tensor", "TensorProto"),
        9: Field("metadata", "SummaryMetadata"),
    },
    "Summary.Image": {
        1: Field("height", "int"),
        2: Field("width", "int"),
        3: Field("colorspace", "int"),
        4: Field("encoded_image_string", "bytes"),
    },
    "Summary.Audio": {
        1: Field("sample_rate", "float"),
        2: Field("num_channels", "int"),
        3: Field("length_frames", "int"),
        4: Field("encoded_audio_string", "bytes"),
        5: Field("content_type", "string"),
    },
    "HistogramProto": {
        1: Field("min", "double"),
        2: Field("max", "double"),
        3: Field("num", "double"),
        4: Field("sum", "double"),
        5: Field("sum_squares", "double"),
        6: Field("bucket_limit", "double", True),
        7: Field("bucket", "double", True),
    },
    "TensorProto": {
        1: Field("dtype", "dtype"),
        2: Field("tensor_shape", "TensorShapeProto"),
        4: Field("tensor_content", "bytes"),
        5: Field("float_val", "float", True),
        6: Field("double_val", "double", True),
        7: Field("int_val", "int", True),
        8: Field("string_val", "bytes", True),
        9: Field("scomplex_val", "float", True),
        10: Field("int64_val", "int", True),
        11: Field("bool_val", "bool", True),
        12: Field("dcomplex_val", "double", True),
        13: Field("half_val", "int", True),
    },
    "TensorShapeProto": {2: Field("dim", "TensorShapeProto.Dim", True)},
    "TensorShapeProto.Dim": {1: Field("size", "int")},
    "SummaryMetadata": {
        1: Field("plugin_data", "SummaryMetadata.PluginData"),
        2: Field("display_name", "string"),
        3: Field("summary_description", "string"),
        4: Field("data_class", "int"),
    },
    "SummaryMetadata.PluginData": {1: Field("plugin_name", "string"), 2: Field("content", "bytes")},
}

_DEFAULTS: Final[dict[str, Any]] = {
    "int": 0,
    "bool": False,
    "dtype": 0,
    "float": 0.0,
    "double": 0.0,
    "string": "",
    "bytes": b"",
}

_ESCAPES: Final = {
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    ord('"'): '\\"',
    ord("'"): "\\'",
    ord("\\"): "\\\\",
}


class HalfBits(int):
    """An entry of `half_val`, the bits of a float16 or bfloat16, which remembers what it stands for."""

    value: float


class Message:
    """An encoded message whose fields can be read by name; absent ones are empty, as in protobuf."""

    __slots__ = ("_data", "_schema")

    def __init__(self, schema: str, data: bytes) -> None:
        self._schema = schema
        self._data = data

    def SerializeToString(self) -> bytes:
        """The message's bytes."""
        return self._data

    def HasField(self, name: str) -> bool:
        """Whether a field is there.

        Args:
            name: protobuf's name of it.
        """
        return any(field.name == name for field, _ in self._fields())

    def __getattr__(self, name: str) -> Any:
        if name in Message.__slots__:  # of one that was made without __init__: by copy, or by torch.compile
            raise AttributeError(f"the message has no {name!r} yet")
        for declared in SCHEMAS[self._schema].values():
            if declared.name == name:
                break
        else:
            raise AttributeError(f"{self._schema} has no field {name!r}")
        found = [item for field, values in self._fields() if field.name == name for item in values]
        if name == "half_val":
            return self._half_bits(found)
        if declared.repeated:
            return found
        return (
            found[-1]
            if found
            else _DEFAULTS[declared.kind]
            if declared.kind in _DEFAULTS
            else Message(declared.kind, b"")
        )

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Message):
            return self._schema == other._schema and self._data == other._data
        parse = getattr(type(other), "FromString", None)  # a class that protobuf made
        return NotImplemented if parse is None else bool(parse(self._data) == other)

    def __hash__(self) -> int:
        return hash((self._schema, self._data))

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self._lines())

    __repr__ = __str__

    def _fields(self) -> Iterator[tuple[Field, list[Any]]]:
        schema = SCHEMAS[self._schema]
        for number, wire_type, value in wire.fields(self._data):
            if (field := schema.get(number)) is not None:
                yield field, _values(field, wire_type, value)

    def _half_bits(self, found: list[int]) -> list[HalfBits]:
        wide = np.array(found, np.uint32)
        is_half = self.dtype != BFLOAT16.number
        numbers = (
            wide.astype(np.uint16).view(np.float16) if is_half else (wide << np.uint32(16)).view(np.float32)
        )
        out = []
        for bits, number in zip(found, numbers, strict=True):
            item = HalfBits(bits)
            item.value = float(number)
            out.append(item)
        return out

    def _lines(self) -> Iterator[str]:
        for field, values in self._fields():
            for value in values:
                if isinstance(value, Message):
                    yield f"{field.name} {{"
                    yield from (f"  {line}" for line in value._lines())
                    yield "}"
                else:
                    yield f"{field.name}: {_text(field.kind, value)}"


def _values(field: Field, wire_type: int, value: int | memoryview) -> list[Any]:
    """What one field holds: several values if it is a packed list."""
    kind = field.kind
    if kind in ("float", "double"):
        if isinstance(value, int):
            return [wire.as_float(value) if wire_type == wire.FIXED32 else wire.as_double(value)]
        return list(np.frombuffer(value, "<f4" if kind == "float" else "<f8").tolist())
    if kind in ("int", "bool", "dtype"):
        numbers = wire.packed_varints(value)
        return [bool(number) if kind == "bool" else wire.signed(number) for number in numbers]
    if kind == "string":
        return [wire.text(value)]
    data = bytes(wire.view_of(value))
    return [data if kind == "bytes" else Message(kind, data)]


def _text(kind: str, value: Any) -> str:
    if kind == "bool":
        return "true" if value else "false"
    if kind == "dtype":
        return BY_NUMBER[value].proto_name if value in BY_NUMBER else str(value)
    if kind == "float":
        # Protobuf tries 6 to 9 digits; NumPy's own shortest can differ.
        shorter = (float(f"{value:.{digits}g}") for digits in range(6, 10))
        return str(next((short for short in shorter if np.float32(short) == np.float32(value)), value))
    if kind == "double":
        return str(value)
    if kind == "bytes":
        return (
            '"'
            + "".join(
                _ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in value
            )
            + '"'
        )
    return '"' + value.translate(_ESCAPES) + '"' if kind == "string" else str(value)


class Summary(Message):
    """Encoded values. `SerializeToString()` gives the bytes, `value` the list of them, each with protobuf's
    field names.
    """

    __slots__ = ()

    def __init__(self, *values: bytes) -> None:
        """Puts values together.

        Args:
            values: encoded `Summary.Value` messages.
        """
        super().__init__("Summary", event.encode_summary(*values))


def encoded(deferred: Deferred) -> Summary:
    """The values of a plugin's encoder, encoded here and now."""
    return Summary(*deferred.encode())
