"""OpenVINO models (the XML half of an IR) as graphs, without the openvino package.

Source: https://docs.openvino.ai, "Operation Sets" and "IR syntax" (IR version 11): layers with ports, edges
"""

from __future__ import annotations

import os
from xml.etree import ElementTree

from cupola.errors import DecodeError
from cupola.plugins.graphs.graph_def import Node

PRECISIONS = {
    "FP64": "float64",
    "FP32": "float32",
    "FP16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
    "STRING": "string",
}
"""Precision of a port to the names of graph_def.py."""


def nodes(path: str | os.PathLike[str]) -> list[Node]:
    """A node for each layer, with its inputs, the shapes of its outputs and its data.

    Raises:
        OSError: the file cannot be read.
        DecodeError: it is no such model.
    """
    with open(path, "rb") as file:
        try:
            root = ElementTree.parse(file).getroot()
        except ElementTree.ParseError as error:
            raise DecodeError(
                f"{os.fspath(path)} is no XML: {error}; wanted an OpenVINO model's .xml"
            ) from None
    layers = root.findall("./layers/layer")
    if not layers:
        raise DecodeError(f"{os.fspath(path)} has no layers; wanted an OpenVINO model's .xml")
    made = {layer.get("id", ""): _node(layer) for layer in layers}
    for edge in root.findall("./edges/edge"):
        source, target = made.get(edge.get("from-layer", "")), made.get(edge.get("to-layer", ""))
        if source is not None and target is not None:
            target.inputs.append(source.name)
    return list(made.values())


def _node(layer: ElementTree.Element) -> Node:
    ports = layer.findall("./output/port")
    data = layer.find("data")
    return Node(
        name=layer.get("name") or f"layer {layer.get('id')}",
        op=layer.get("type", "op"),
        shapes=[tuple(_size(dim) for dim in port.findall("dim")) for port in ports],
        dtypes=[PRECISIONS.get(name := port.get("precision", ""), name) for port in ports],
        attributes={} if data is None else dict(data.attrib),
    )


def _size(dim: ElementTree.Element) -> int:
    try:
        return int(dim.text or "")
    except ValueError:
        return -1
