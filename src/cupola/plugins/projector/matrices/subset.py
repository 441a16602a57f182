"""Some points of an embedding as one of their own: whatever is fitted to them is fitted to them alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cupola.errors import UnknownSeries
from cupola.plugins.projector.config import Embedding
from cupola.plugins.projector.decode import Column, Metadata
from cupola.plugins.projector.matrices.contents import Floats
from cupola.plugins.projector.matrices.pictures import Pictures
from cupola.plugins.projector.tiles import Tiles

RUN_PREFIX = "file://"
"""Of the names under which opened files and subsets are listed among runs, none of which begins so."""


@dataclass(frozen=True)
class Chosen:
    """Images of some points out of those of all."""

    of: Tiles | Pictures
    rows: NDArray[np.int64]
    version: str

    @property
    def tile(self) -> tuple[int, int]:
        """Width and height in pixels of one."""
        return self.of.tile

    @property
    def count(self) -> int:
        """Points that may have an image."""
        return len(self.rows)

    def cut(self, indices: NDArray[np.int64], size_px: int) -> NDArray[np.uint8]:
        """As `Tiles.cut`; an index of no point gives an empty image."""
        # A sprite has no image at an index that is larger than any.
        known = np.append(self.rows, np.iinfo(np.int64).max)
        return self.of.cut(known[np.minimum(indices, len(self.rows))], size_px)


class Subset:
    """A copy of some points' vectors and metadata; their images stay where they are.

    Args:
        whole: the embedding that they are points of.
        matrix: its N×D vectors.
        metadata: of all N.
        chosen: which points, N truth values.
        images: gives those of all points; None if there are none.
    """

    def __init__(
        self,
        whole: Embedding,
        matrix: Floats,
        metadata: Metadata,
        chosen: NDArray[np.bool_],
        images: Callable[[], Tiles | Pictures | Chosen] | None,
    ) -> None:
        self._digest = hashlib.sha256(np.packbits(chosen).tobytes() + repr(whole).encode()).hexdigest()[:12]
        self._rows = np.flatnonzero(chosen)
        self._matrix: Floats = np.ascontiguousarray(matrix[chosen])
        self._columns = [_some(column, chosen) for column in metadata.columns]
        self._images = images
        self.run = f"{RUN_PREFIX}{whole.tag} ({len(self._rows):,} of {len(matrix):,}, {self._digest[:4]})"
        self._embedding = Embedding(
            tensor_name=whole.tensor_name,
            tensor_shape=(len(self._rows), matrix.shape[1]),
            metadata_path="metadata" if self._columns else "",
            sprite_path="images" if images else "",
            tile_size=whole.tile_size if images else None,
        )

    def embeddings(self) -> list[Embedding]:
        """The one that it is."""
        return [self._embedding]

    def find(self, name: str) -> Embedding:
        """The embedding, if that is its name. Raises `UnknownSeries` if not."""
        if name != self._embedding.tensor_name:
            raise UnknownSeries(f"these are points of {self._embedding.tensor_name!r}, not of {name!r}")
        return self._embedding

    def matrix(self, name: str) -> tuple[Hashable, Callable[[], Floats]]:
        """What names the vectors' bytes, and what gives them."""
        self.find(name)
        return (self.run, self._digest), lambda: self._matrix

    def metadata(self, name: str) -> Metadata:
        """The points' columns."""
        self.find(name)
        return Metadata(self._columns, len(self._rows))

    def pictures(self, name: str) -> Chosen:
        """The points' images. Raises `UnknownSeries` if there are none, and what reading them raises."""
        self.find(name)
        if self._images is None:
            raise UnknownSeries(f"the points of {name!r} have no images")
        images = self._images()
        if isinstance(images, Chosen):
            return Chosen(images.of, images.rows[self._rows], self._digest)
        return Chosen(images, self._rows, self._digest)


def _some(column: Column, chosen: NDArray[np.bool_]) -> Column:
    used, codes = np.unique(column.codes[chosen], return_inverse=True)
    values = [column.values[code] for code in used.tolist()]
    return Column(column.name, values, codes.astype(np.uint32), column.numeric)
