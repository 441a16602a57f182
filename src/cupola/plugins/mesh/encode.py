"""Meshes and point clouds to bytes: one value each for vertices, faces and colours.

Source: tensorboard/plugins/mesh/{metadata.py,plugin_data.proto} (tensorboard 2.21.0);
    torch/utils/tensorboard/summary.py, mesh (torch 2.13.0)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import numpy as np

from cupola.errors import WrongType, WrongValue
from cupola.events import event, tensor, wire
from cupola.values.arguments import check_tag
from cupola.values.arrays import Snapshot, snapshot
from cupola.values.deferred import Deferred

# MeshPluginData.ContentType: a part's number, and the ending of its tag.
PARTS: Final = {"VERTEX": 1, "FACE": 2, "COLOR": 3}


def mesh(
    tag: str,
    vertices: Any,
    colors: Any = None,
    faces: Any = None,
    config_dict: Mapping[str, Any] | None = None,
    display_name: str | None = None,
    description: str | None = None,
) -> Deferred:
    """A batch of meshes, or of point clouds if there are no faces.

    Args:
        tag: name of the series; the parts stand as `<tag>_VERTEX`, `<tag>_FACE`, `<tag>_COLOR` in the file.
        vertices: B x N x 3 coordinates.
        colors: B x N x 3, red, green and blue of each vertex in 0..255.
        faces: B x M x 3 indices of vertices.
        config_dict: camera, lights and material for Three.js; anything that JSON takes.
        display_name: a title other than the tag.
        description: Markdown.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    parts = {"VERTEX": _take(vertices, "vertices")}
    if faces is not None:
        parts["FACE"] = _take(faces, "faces")
        if parts["FACE"].shape[0] != parts["VERTEX"].shape[0]:
            seen = f"{parts['FACE'].shape}, but vertices has {parts['VERTEX'].shape}"
            raise WrongValue(f"faces has shape {seen}; wanted as many in the batch")
    if colors is not None:
        parts["COLOR"] = _take(colors, "colors")
        if parts["COLOR"].shape != parts["VERTEX"].shape:
            seen = f"{parts['COLOR'].shape}, but vertices has {parts['VERTEX'].shape}"
            raise WrongValue(f"colors has shape {seen}; wanted one colour for each vertex")
    try:
        config = "{}" if config_dict is None else json.dumps(config_dict, sort_keys=True)
    except (TypeError, ValueError) as error:
        raise WrongType(
            f"config_dict cannot be written as JSON ({error}); wanted dicts, lists, strings, numbers"
        ) from error
    encode = partial(_encode, tag, parts, config, display_name or "", description or "")
    return Deferred(tag, sum(part.nbytes for part in parts.values()), encode)


def _take(value: Any, name: str) -> Snapshot:
    taken = snapshot(value, name)
    if taken.ndim != 3 or taken.shape[2] != 3 or taken.dtype.kind == "c":
        raise WrongValue(
            f"{name} has shape {taken.shape} and dtype {taken.dtype}; wanted real numbers, B x N x 3"
        )
    return taken


def _encode(
    tag: str, parts: dict[str, Snapshot], config: str, display_name: str, description: str
) -> list[bytes]:
    components = sum(1 << PARTS[name] for name in parts)
    values = []
    for name, taken in parts.items():
        content = (
            wire.field_string(2, tag)
            + wire.field_varint(3, PARTS[name])
            + wire.field_string(5, config)
            + wire.field_bytes(6, b"".join(wire.varint(size) for size in taken.shape))
            + wire.field_varint(7, components)
        )
        metadata = event.SummaryMetadata("mesh", content, display_name, description)
        with np.errstate(over="ignore"):
            data = tensor.encode_list(taken.array().astype(np.float32))
        values.append(event.encode_value(f"{tag}_{name}", event.TENSOR, data, metadata))
    return values
