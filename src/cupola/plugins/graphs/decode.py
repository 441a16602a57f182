"""GraphDefs as tables: names, ops, edges, shapes and attributes of every node, whoever wrote the graph.

Reads what cupola, torch.utils.tensorboard, tensorboardX and TensorFlow write: `name:1` (an output's
number), `^name` (a control edge), `_output_shapes`, a library of functions.

Source: tensorboard/compat/proto/{graph,node_def,function}.proto (tensorboard 2.21.0)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import Any, Final

import numpy as np

from cupola.events import wire
from cupola.plugins.graphs import attributes
from cupola.plugins.graphs.attributes import Shape

CONTROL: Final = -1
"""Port of a control edge."""

MAX_NODES: Final = 1_000_000

VARIABLES: Final = frozenset({"Parameter", "Variable", "VariableV2", "VarHandleOp", "AutoReloadVariable"})
"""Ops whose output is trained; cupola's `Parameter`, TensorFlow's variables."""


@dataclass(slots=True)
class Graph:
    """Parallel lists, one entry a node, in the order of the file."""

    name: list[str] = field(default_factory=list)
    op: list[str] = field(default_factory=list)
    device: list[str] = field(default_factory=list)
    shapes: list[tuple[Shape, ...]] = field(default_factory=list)
    dtypes: list[tuple[str, ...]] = field(default_factory=list)
    attributes: list[list[tuple[str, str]]] = field(default_factory=list)
    inputs: list[list[str]] = field(default_factory=list)
    """As written: `name`, `name:1`, `^name`."""
    truncated: bool = False
    """There were more than `MAX_NODES` nodes."""

    def parameters(self) -> int | None:
        """How many numbers the graph's variables hold; None if it shows no variable with a known shape."""
        total, seen = 0, False
        for op, shapes in zip(self.op, self.shapes, strict=True):
            if op in VARIABLES and shapes and shapes[0] is not None and all(size >= 0 for size in shapes[0]):
                total, seen = total + prod(shapes[0]), True
        return total if seen else None


def decode_graph(message: bytes | memoryview) -> Graph:
    """A graph from the bytes of a `GraphDef`.

    Raises:
        DecodeError: the bytes are not a message.
    """
    graph = Graph()
    add_graph(graph, message)
    return graph


def add_graph(graph: Graph, message: bytes | memoryview) -> None:
    """Adds the nodes of a `GraphDef`, and of the functions in its library under `library/<function>/`."""
    reader = _NodeReader(graph)
    libraries = []
    for number, _, value in wire.fields(message):
        if number == 1:
            reader.add(wire.view_of(value))
        elif number == 2:
            libraries.append(wire.view_of(value))
    for library in libraries:
        for number, _, value in wire.fields(library):
            if number == 1:
                _add_function(reader, wire.view_of(value))


def edges(graph: Graph) -> tuple[list[list[tuple[int, int]]], list[list[str]]]:
    """Each node's inputs as (node, port), and those that name no node.

    A port is the number of the source's output, `CONTROL` for a control edge. Functions' inputs
    `node:out:0` name an output too.
    """
    index: dict[str, int] = {}
    for position, name in enumerate(graph.name):
        index.setdefault(name, position)
    found: list[list[tuple[int, int]]] = []
    unknown: list[list[str]] = []
    for names in graph.inputs:
        known: list[tuple[int, int]] = []
        lost: list[str] = []
        for text in names:
            source = index.get(text)
            port = 0
            if source is None:
                name = text[1:] if text.startswith("^") else text
                head, _, tail = name.rpartition(":")
                source = index.get(name)
                if source is None and head:
                    source = index.get(head, index.get(head.rpartition(":")[0] or head))
                    port = int(tail) if tail.isascii() and tail.isdigit() and len(tail) < 9 else 0
                if text.startswith("^"):
                    port = CONTROL
            if source is None:
                lost.append(attributes.cut(text))
            else:
                known.append((source, port))
        found.append(known)
        unknown.append(lost)
    return found, unknown


def columns(graph: Graph) -> dict[str, Any]:
    """The graph as docs/http_api.md promises it: strings in tables, everything else as columns."""
    sources, unknown = edges(graph)
    ops, devices, shapes, dtypes, pairs = _Table(), _Table(), _Table(), _Table(), _Table()
    attribute = [pairs.index(pair) for item in graph.attributes for pair in item]
    return {
        "name": graph.name,
        "op": ops.column(graph.op),
        "device": devices.column(graph.device),
        "shapes": shapes.column(graph.shapes),
        "dtypes": dtypes.column(graph.dtypes),
        "input_offset": _offsets(sources),
        "input": np.array([node for item in sources for node, _ in item], np.int32),
        "input_port": np.array([port for item in sources for _, port in item], np.int32),
        "attribute_offset": _offsets(graph.attributes),
        "attribute": np.array(attribute, np.int32),
        "tables": {
            "op": list(ops.items),
            "device": list(devices.items),
            "shapes": list(shapes.items),
            "dtypes": list(dtypes.items),
            "attribute": list(pairs.items),
        },
        "unknown_inputs": {str(node): names for node, names in enumerate(unknown) if names},
        "parameters": graph.parameters(),
        "truncated": graph.truncated,
    }


class _Table:
    """Distinct items, numbered in order of appearance."""

    def __init__(self) -> None:
        self.items: dict[Any, int] = {}

    def index(self, item: Any) -> int:
        return self.items.setdefault(item, len(self.items))

    def column(self, items: list[Any]) -> np.ndarray[Any, Any]:
        return np.array([self.index(item) for item in items], np.int32)


def _offsets(lists: list[Any]) -> np.ndarray[Any, Any]:
    return np.cumsum([0, *(len(item) for item in lists)], dtype=np.uint32)


class _NodeReader:
    """Reads `NodeDef`s. Equal attributes are decoded once: a big graph repeats few."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._seen: dict[bytes, tuple[str, memoryview, str]] = {}
        self._shapes: dict[bytes, tuple[Shape, ...]] = {}
        self._types: dict[bytes, tuple[str, ...]] = {}

    def add(self, message: memoryview, scope: str = "") -> None:
        """Adds the node in a `NodeDef`: name 1, op 2, input 3, device 4, attr 5."""
        graph = self._graph
        if len(graph.name) >= MAX_NODES:
            graph.truncated = True
            return
        name = op = device = ""
        inputs: list[str] = []
        pairs: list[tuple[str, str]] = []
        shapes: tuple[Shape, ...] = ()
        types: tuple[str, ...] = ()
        for number, _, value in wire.fields(message):
            if number == 1:
                name = wire.text(value)
            elif number == 2:
                op = wire.text(value)
            elif number == 3:
                text = wire.text(value)
                inputs.append(f"^{scope}{text[1:]}" if text.startswith("^") else scope + text)
            elif number == 4:
                device = wire.text(value)
            elif number == 5:
                raw = bytes(wire.view_of(value))
                key, payload, shown = self._seen.get(raw) or self._attribute(raw)
                if key == "_output_shapes" or (key == "shape" and op in VARIABLES and not shapes):
                    shapes = self._shapes.get(raw) or self._shapes.setdefault(
                        raw, tuple(attributes.shapes_of(payload))
                    )
                elif key == "_output_types" or (key in ("dtype", "T") and not types):
                    types = self._types.get(raw) or self._types.setdefault(
                        raw, tuple(attributes.types_of(payload))
                    )
                if key != "_output_shapes":
                    pairs.append((key, shown))
        self.append(scope + name, op, device, shapes, types, pairs, inputs)

    def append(
        self,
        name: str,
        op: str,
        device: str = "",
        shapes: tuple[Shape, ...] = (),
        types: tuple[str, ...] = (),
        pairs: list[tuple[str, str]] | None = None,
        inputs: list[str] | None = None,
    ) -> None:
        """Adds a node that is known already."""
        graph = self._graph
        graph.name.append(name)
        graph.op.append(op)
        graph.device.append(device)
        graph.shapes.append(shapes)
        graph.dtypes.append(types)
        graph.attributes.append(pairs or [])
        graph.inputs.append(inputs or [])

    def _attribute(self, raw: bytes) -> tuple[str, memoryview, str]:
        key, payload = "", memoryview(b"")
        for number, _, value in wire.fields(raw):
            if number == 1:
                key = wire.text(value)
            elif number == 2:
                payload = wire.view_of(value)
        shown = "" if key == "_output_shapes" else attributes.text_of(payload)
        if len(raw) < 4096:  # a long one is a constant's value, and those differ
            self._seen[raw] = (key, payload, shown)
        return key, payload, shown


def _add_function(reader: _NodeReader, message: memoryview) -> None:
    """A `FunctionDef`: signature 1 {name 1, input_arg 2 {name 1}}, node_def 3."""
    name, arguments, nodes = "function", [], []
    for number, _, value in wire.fields(message):
        if number == 3:
            nodes.append(wire.view_of(value))
        elif number == 1:
            for inner, _, item in wire.fields(wire.view_of(value)):
                if inner == 1:
                    name = wire.text(item)
                elif inner == 2:
                    arguments += [
                        wire.text(part) for kind, _, part in wire.fields(wire.view_of(item)) if kind == 1
                    ]
    scope = f"library/{name}/"
    for argument in arguments:
        reader.append(scope + argument, "Arg")
    for node in nodes:
        reader.add(node, scope)
