"""A folder of images as those of points: by name where a column of the metadata names files, else in the
natural order of their names.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.errors import DecodeError
from cupola.names import natural_key
from cupola.plugins.projector.decode import Metadata

SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"})
MAX_SIDE_PX: Final = 256
"""Of an image as it is sent: larger ones are made smaller."""

_NONE: Final = -1


@dataclass(frozen=True)
class Pictures:
    """Images of points that are read when they are drawn."""

    files: Sequence[Path]
    tile: tuple[int, int]
    """Width and height in pixels that all are fitted into, as the first one has them."""
    order: NDArray[np.int64]
    """For each point the index of its file; -1 where it has none."""

    @property
    def count(self) -> int:
        """Points that may have an image."""
        return len(self.order)

    @property
    def version(self) -> str:
        """Another one for other files, or another order."""
        state = hashlib.blake2b(self.order.tobytes(), digest_size=12)
        for path in self.files[:1000]:
            state.update(f"{path.name} {_changed(path)}\n".encode("utf-8", "replace"))
        return state.hexdigest()

    def cut(self, indices: NDArray[np.int64], size_px: int) -> NDArray[np.uint8]:
        """Images of points, N×H×W×4, the longer side `size_px` (never enlarged). One that is missing or
        damaged is empty, and so is what an image does not fill.
        """
        scale = min(1.0, size_px / max(self.tile))
        width, height = (max(1, math.floor(side * scale + 0.5)) for side in self.tile)
        out = np.zeros((len(indices), height, width, 4), np.uint8)
        for at, index in enumerate(indices.tolist()):
            file = int(self.order[index]) if index < len(self.order) else _NONE
            if file != _NONE:
                _draw(self.files[file], out[at])
        return out

    def by_name(self, metadata: Metadata) -> Pictures:
        """The same images in the order in which a column names their files, with or without suffix; in
        their own where none does.
        """
        places: dict[str, int] = {}
        for at, path in enumerate(self.files):
            places.setdefault(path.stem, at)
        places |= {path.name: at for at, path in enumerate(self.files)}
        for column in metadata.columns:
            found = np.array([places.get(Path(value).name, _NONE) for value in column.values] or [_NONE])
            order = found[column.codes]
            # A column of numbers may name some files by chance.
            if len(order) and (order != _NONE).mean() > 0.5:
                return Pictures(self.files, self.tile, order)
        return self


def pictures_in(folder: Path) -> Pictures:
    """The images of a folder.

    Raises:
        DecodeError: there is none, or the first of them is damaged.
        OSError: the folder cannot be read.
    """
    files = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES]
    files.sort(key=lambda path: natural_key(path.name))
    if not files:
        raise DecodeError(
            f"{folder} holds no image; wanted files ending in {', '.join(sorted(SUFFIXES))}, one a point"
        )
    try:
        with _image(files[0]) as image:
            scale = min(1.0, MAX_SIDE_PX / max(image.size))
            tile = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    except (OSError, ValueError, SyntaxError) as error:
        raise DecodeError(f"{files[0]} is no image that can be read: {error}") from None
    return Pictures(files, tile, np.arange(len(files)))


def _image(path: Path) -> Any:
    from PIL import Image

    return Image.open(path, formats=("PNG", "JPEG", "WEBP", "GIF", "BMP"))


def _draw(path: Path, into: NDArray[np.uint8]) -> None:
    """Fits an image into the middle of a transparent one."""
    from PIL import Image

    height, width = into.shape[:2]
    try:
        with _image(path) as image:
            image.draft("RGB", (2 * width, 2 * height))  # a JPEG is decoded no larger than that
            small = image.convert("RGBA")
            small.thumbnail((width, height), Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return
    left, top = (width - small.width) // 2, (height - small.height) // 2
    into[top : top + small.height, left : left + small.width] = np.asarray(small)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
