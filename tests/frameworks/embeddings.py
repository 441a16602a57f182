"""The embeddings of a run, as TensorBoard's projector reads its configuration and the files that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf import text_format
from PIL import Image
from tensorboard.plugins.projector.projector_config_pb2 import EmbeddingInfo, ProjectorConfig


def embeddings(run: Path) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Name, vectors, labels and pictures of each; vectors may stand there as text or as bytes."""
    config = run / "projector_config.pbtxt"
    if config.is_file():
        for info in text_format.Parse(config.read_text("utf-8"), ProjectorConfig()).embeddings:
            yield info.tensor_name, (_vectors(run, info), *_labels(run, info), *_sprite(run, info))


def _vectors(run: Path, info: EmbeddingInfo) -> tuple[tuple[int, ...], bytes]:
    path = run / info.tensor_path
    if path.suffix == ".bytes":
        vectors = np.fromfile(path, "<f4").reshape(info.tensor_shape)
    else:
        vectors = np.loadtxt(path, "float32", delimiter="\t", ndmin=2)
    return vectors.shape, vectors.tobytes()


def _labels(run: Path, info: EmbeddingInfo) -> list[str]:
    return [(run / info.metadata_path).read_text("utf-8").rstrip("\n")] if info.metadata_path else []


def _sprite(run: Path, info: EmbeddingInfo) -> list[Any]:
    if not info.sprite.image_path:
        return []
    with Image.open(run / info.sprite.image_path) as image:
        return [tuple(info.sprite.single_image_dim), image.size, image.convert("RGBA").tobytes()]
