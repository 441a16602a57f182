"""ONNX models as graphs, without the onnx package.

Source: onnx/onnx.proto (ONNX 1.18): ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto,
    ValueInfoProto
"""

from __future__ import annotations

import re
from typing import Final

from cupola.errors import DecodeError
from cupola.events import wire
from cupola.plugins.graphs.attributes import cut
from cupola.plugins.graphs.graph_def import Node

TYPES: Final = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    8: "string",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
    14: "complex64",
    15: "complex128",
    16: "bfloat16",
    17: "float8_e4m3fn",
    19: "float8_e5m2",
}
"""ONNX's own TensorProto.DataType to the names of `events.data_types`."""

Tensor = tuple[tuple[int, ...] | None, str]
"""Shape and data type of a value."""


def nodes(model: bytes | memoryview) -> list[Node]:
    """Nodes of a `ModelProto`: inputs, initializers as `Parameter`, operators, outputs.

    An operator's name gives its scopes (`/features/features.0/Conv`); an initializer stands in the scope of
    its first reader.

    Raises:
        DecodeError: the bytes are no ONNX model.
    """
    graph = next(wire.messages(model, 7), None)
    if graph is None:
        raise DecodeError("no graph in this ONNX model; wanted the bytes or the path of a ModelProto")
    return _Graph(graph).nodes


class _Graph:
    """GraphProto: node 1, initializer 5, input 11, output 12, value_info 13."""

    def __init__(self, message: memoryview) -> None:
        self.nodes: list[Node] = []
        self._taken: set[str] = set()
        self._source: dict[str, str] = {}
        tensors: dict[str, Tensor] = {}
        parts: dict[int, list[memoryview]] = {1: [], 5: [], 11: [], 12: [], 13: []}
        for number, _, value in wire.fields(message):
            if number in parts:
                parts[number].append(wire.view_of(value))
        for info in parts[13] + parts[11] + parts[12]:
            name, tensor = _value_info(info)
            tensors[name] = tensor
        initializers = dict(_tensor(item) for item in parts[5])
        for info in parts[11]:
            name, tensor = _value_info(info)
            if name not in initializers:
                self._add(f"input/{_part(name)}", "IO Node", [], [tensor], [name])
        operators = [_Operator(item) for item in parts[1]]
        for operator in operators:
            scope = operator.scope
            for name in operator.inputs:
                if name in initializers and name not in self._source:
                    last = _part(name.rpartition(".")[2].rpartition("/")[2])
                    self._add(f"{scope}{last}", "Parameter", [], [initializers[name]], [name])
        # Operators may stand in any order: all outputs are named first.
        for operator in operators:
            made = [tensors.get(name, (None, "")) for name in operator.outputs]
            node = self._add(operator.scope + operator.last, operator.op, [], made, operator.outputs)
            node.attributes.update(operator.attributes)
            operator.node = node
        for operator in operators:
            assert operator.node is not None
            operator.node.inputs = [self._source[name] for name in operator.inputs if name in self._source]
        for info in parts[12]:
            name, tensor = _value_info(info)
            sources = [self._source[name]] if name in self._source else []
            self._add(f"output/{_part(name)}", "IO Node", sources, [tensor], [])

    def _add(self, name: str, op: str, inputs: list[str], made: list[Tensor], values: list[str]) -> Node:
        unique, copy = name, 1
        while unique in self._taken:
            unique, copy = f"{name}_{copy}", copy + 1
        self._taken.add(unique)
        shapes = [shape for shape, _ in made if shape is not None] if made else []
        node = Node(unique, op, inputs)
        if len(shapes) == len(made):
            node.shapes = shapes
            node.dtypes = [dtype for _, dtype in made]
        self.nodes.append(node)
        for port, value in enumerate(values):
            if value:
                self._source.setdefault(value, f"{unique}:{port}" if port else unique)
        return node


class _Operator:
    """NodeProto: input 1, output 2, name 3, op_type 4, attribute 5, domain 7."""

    def __init__(self, message: memoryview) -> None:
        self.node: Node | None = None
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.attributes: dict[str, str] = {}
        name = domain = ""
        self.op = "Operator"
        for number, _, value in wire.fields(message):
            if number == 1:
                self.inputs.append(wire.text(value))
            elif number == 2:
                self.outputs.append(wire.text(value))
            elif number == 3:
                name = wire.text(value)
            elif number == 4:
                self.op = wire.text(value)
            elif number == 5:
                key, text = _attribute(wire.view_of(value))
                self.attributes[key] = text
            elif number == 7:
                domain = wire.text(value)
        if domain and domain != "ai.onnx":
            self.op = f"{domain}::{self.op}"
        *scopes, last = [part for part in name.split("/") if part] or [self.op.rpartition("::")[2]]
        self.scope = "".join(f"{_part(part)}/" for part in scopes)
        self.last = _part(last)


def _part(text: str) -> str:
    return re.sub(r"[/:\s]+", "_", text).lstrip("^") or "_"


def _value_info(message: memoryview) -> tuple[str, Tensor]:
    """ValueInfoProto: name 1, type 2 {tensor_type 1 {elem_type 1, shape 2 {dim 1 {dim_value 1, dim_param
    2}}}}.
    """
    name, dtype = "", ""
    shape: tuple[int, ...] | None = None
    for number, _, value in wire.fields(message):
        if number == 1:
            name = wire.text(value)
        elif number == 2:
            for tensor in wire.messages(wire.view_of(value), 1):
                for inner, _, item in wire.fields(tensor):
                    if inner == 1 and isinstance(item, int):
                        dtype = TYPES.get(item, "")
                    elif inner == 2:
                        shape = tuple(_size(dim) for dim in wire.messages(wire.view_of(item), 1))
    return name, (shape, dtype)


def _size(message: memoryview) -> int:
    for number, _, value in wire.fields(message):
        if number == 1 and isinstance(value, int):
            return wire.signed(value)
    return -1


def _tensor(message: memoryview) -> tuple[str, Tensor]:
    """TensorProto: dims 1, data_type 2, name 8."""
    name, dtype = "", ""
    sizes: list[int] = []
    for number, _, value in wire.fields(message):
        if number == 1:
            sizes += map(wire.signed, wire.packed_varints(value))
        elif number == 2 and isinstance(value, int):
            dtype = TYPES.get(value, "")
        elif number == 8:
            name = wire.text(value)
    return name, (tuple(sizes), dtype)


def _attribute(message: memoryview) -> tuple[str, str]:
    """AttributeProto: name 1, f 2, i 3, s 4, t 5, g 6, floats 7, ints 8, strings 9."""
    name, text = "", ""
    items: list[str] = []
    for number, _, value in wire.fields(message):
        if number == 1:
            name = wire.text(value)
        elif number == 2 and isinstance(value, int):
            text = f"{wire.as_float(value):.9g}"
        elif number == 3 and isinstance(value, int):
            text = str(wire.signed(value))
        elif number == 4:
            text = wire.text(value)
        elif number == 5:
            _, (shape, dtype) = _tensor(wire.view_of(value))
            text = f"{dtype} tensor {list(shape or ())}"
        elif number == 6:
            text = "a graph of its own"
        elif number == 7:
            items += _floats(value)
        elif number == 8:
            items += [str(wire.signed(item)) for item in wire.packed_varints(value)]
        elif number == 9:
            items.append(wire.text(value))
    return name, cut(f"[{', '.join(items)}]" if items else text)


def _floats(value: int | memoryview) -> list[str]:
    if isinstance(value, int):
        return [f"{wire.as_float(value):.9g}"]
    words = (value[i : i + 4] for i in range(0, len(value) - 3, 4))
    return [f"{wire.as_float(int.from_bytes(word, 'little')):.9g}" for word in words]
