"""A Keras model's JSON as a graph of its layers.

Source: keras/src/models/{sequential,functional}.py, `get_config` (Keras 3);
    tensorboard/plugins/graph/keras_util.py (tensorboard 2.21.0)
"""

from __future__ import annotations

import json
from typing import Any

from cupola.errors import DecodeError
from cupola.plugins.graphs.attributes import cut
from cupola.plugins.graphs.decode import Graph


def decode_model(data: bytes) -> Graph:
    """The layers of a Keras model: one node a layer, models inside it as scopes.

    Raises:
        DecodeError: this is no model's JSON.
    """
    graph = Graph()
    try:
        model = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DecodeError(f"the Keras model is no JSON: {error}") from None
    if not isinstance(model, dict) or not isinstance(model.get("config"), (dict, list)):
        raise DecodeError("this JSON is no Keras model; wanted an object with `class_name` and `config`")
    _add_model(graph, model, "", [])
    return graph


def _add_model(graph: Graph, model: dict[str, Any], scope: str, given: list[str]) -> str:
    """Adds a model's layers; gives the name of the node that makes its result."""
    config = model["config"]
    layers = config if isinstance(config, list) else config.get("layers", [])
    names: dict[str, str] = {}
    last = given
    for position, layer in enumerate(item for item in layers if isinstance(item, dict)):
        own = layer.get("config")
        inner: dict[str, Any] = own if isinstance(own, dict) else {}
        name = str(layer.get("name") or inner.get("name") or f"layer_{position}").replace("/", "_")
        inbound = layer.get("inbound_nodes")
        if inbound:
            sources = [names[item] for item in dict.fromkeys(_strings(inbound)) if item in names]
        else:
            sources = last if model.get("class_name") == "Sequential" or (given and position == 0) else []
        if isinstance(inner.get("layers"), list):
            result = _add_model(graph, layer, f"{scope}{name}/", sources)
        else:
            result = scope + name
            graph.name.append(result)
            graph.op.append(str(layer.get("class_name", "Layer")))
            graph.device.append("")
            graph.shapes.append(())
            graph.dtypes.append((str(inner["dtype"]),) if isinstance(inner.get("dtype"), str) else ())
            graph.inputs.append(sources)
            graph.attributes.append(
                [(key, cut(json.dumps(value))) for key, value in inner.items() if key != "name"]
            )
        names[name] = result
        last = [result]
    return last[0] if last else scope


def _strings(value: Any, depth: int = 0) -> list[str]:
    """Every string in nested lists and objects: layer names are among them, in Keras 2's lists and Keras
    3's histories.
    """
    if isinstance(value, str):
        return [value]
    if depth > 12:
        return []
    if isinstance(value, dict):
        value = list(value.values())
    return [text for item in value for text in _strings(item, depth + 1)] if isinstance(value, list) else []
