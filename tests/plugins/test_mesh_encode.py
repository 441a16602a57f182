"""`add_mesh`: torch's values, parts and metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from tests.support.encoded import summary
from torch.utils.tensorboard import summary as torch_summary

from cupola.errors import WrongType, WrongValue
from cupola.plugins.mesh import encode

VERTICES = np.array([[[1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1]]], float)
COLORS = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 0, 255]]])
FACES = np.array([[[0, 2, 3], [0, 3, 1], [0, 1, 2]]])
CONFIG = {"camera": {"cls": "PerspectiveCamera", "fov": 75}}


@pytest.mark.parametrize("colors", [None, COLORS])
@pytest.mark.parametrize("faces", [None, FACES])
@pytest.mark.parametrize("config", [None, CONFIG])
def test_meshes_are_torchs(colors: Any, faces: Any, config: Any) -> None:
    theirs = torch_summary.mesh("m", VERTICES, colors, faces, config, "a name", "a text")
    assert summary(encode.mesh("m", VERTICES, colors, faces, config, "a name", "a text")) == theirs
    vertices, colors, faces = (
        None if part is None else torch.as_tensor(part) for part in (VERTICES, colors, faces)
    )
    assert summary(encode.mesh("m", vertices, colors, faces, config, "a name", "a text")) == theirs


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: encode.mesh("m", VERTICES[0]), WrongValue, r"vertices has shape \(4, 3\).*B x N x 3"),
        (lambda: encode.mesh("m", VERTICES[..., :2]), WrongValue, "vertices"),
        (lambda: encode.mesh("m", VERTICES, COLORS[:, :2]), WrongValue, "one colour for each vertex"),
        (lambda: encode.mesh("m", VERTICES, None, np.repeat(FACES, 2, 0)), WrongValue, "in the batch"),
        (lambda: encode.mesh("m", VERTICES, config_dict={"a": object()}), WrongType, "JSON"),
        (lambda: encode.mesh("m", None), WrongType, "vertices is None"),
    ],
)
def test_refuses_at_the_call(call: Callable[[], object], error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        call()
