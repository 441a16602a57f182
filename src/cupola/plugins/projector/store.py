"""The embeddings of all runs, and what has been computed from them, kept within a bound of memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.cache import LruCache
from cupola.errors import CupolaError, DecodeError, UnknownSeries
from cupola.media import pixel_size
from cupola.plugins.projector.config import Embedding, decode_config
from cupola.plugins.projector.decode import Metadata, Tensor, decode_metadata, decode_tensor
from cupola.plugins.projector.matrices.opened import OpenedFile, OpenedFiles
from cupola.plugins.projector.matrices.pictures import Pictures
from cupola.plugins.projector.matrices.subset import Chosen, Subset
from cupola.plugins.projector.pca import Projection, pca
from cupola.plugins.projector.tiles import Tiles, decode_sprite
from cupola.provider import Asset, DataProvider

TENSOR_CACHE_BYTES: Final = 256 << 20
PROJECTION_CACHE_BYTES: Final = 64 << 20
SPRITE_CACHE_BYTES: Final = 256 << 20
BOOKMARKS_BYTES: Final = 64 << 20
HEADER_BYTES: Final = 1 << 20
"""Of a sprite, in which its size in pixels must stand: metadata may come before it."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run's embeddings, or why they cannot be listed."""

    name: str
    embeddings: list[Embedding]
    problem: Exception | None
    config: str = ""
    """Path of the file that lists them."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """What can be said of a sprite without decoding it."""

    size: tuple[int, int] | None
    """Width and height in pixels; None if its header does not say."""
    version: str
    """Of its file: a browser may keep the bytes under it for good."""


class Store:
    """Reads through the provider alone, so nothing outside a run is ever opened, whatever a config names;
    beside it stand matrix files that somebody opened.
    """

    def __init__(self, provider: DataProvider, opened: OpenedFiles | None = None) -> None:
        self._provider = provider
        self._opened = opened or OpenedFiles()
        self._tensors: LruCache[Hashable, Tensor] = LruCache(TENSOR_CACHE_BYTES, lambda tensor: tensor.nbytes)
        self._projections: LruCache[Hashable, Projection] = LruCache(
            PROJECTION_CACHE_BYTES, lambda projection: projection.nbytes
        )

        self._sprites: LruCache[Hashable, Tiles] = LruCache(SPRITE_CACHE_BYTES, lambda tiles: tiles.nbytes)

    def runs(self) -> list[Run]:
        """Every run that has a config, and every file that is open."""
        series = self._provider.series("projector")
        runs = [
            self._run(info.key.run, info.key.tag) for info in series if not self._opened.find(info.key.run)
        ]
        return [*runs, *map(_opened_run, self._opened.list())]

    def find(self, run: str, name: str) -> Embedding:
        """The embedding of a run by its tensor's name (of several the last).

        Raises:
            UnknownSeries: there is none.
        """
        if file := self._opened.find(run):
            return file.find(name)
        for info in self._provider.series("projector", runs=(run,)):
            for embedding in reversed(self._run(run, info.key.tag).embeddings):
                if embedding.tensor_name == name:
                    return embedding
        raise UnknownSeries(
            f"run {run!r} has no embedding {name!r}; /api/projector/embeddings lists those there are"
        ).coded("no_embedding", run=run, name=name)

    def steps(self, run: str, tag: str) -> list[Embedding]:
        """The embeddings of a tag, by rising step; without one they stand first.

        Raises:
            UnknownSeries: there is none.
        """
        if file := self._opened.find(run):
            listed = [_opened_run(file)]
        else:
            series = self._provider.series("projector", runs=(run,))
            listed = [self._run(run, info.key.tag) for info in series]
        found = [embedding for one in listed for embedding in one.embeddings if embedding.tag == tag]
        if not found:
            raise UnknownSeries(f"run {run!r} has no embedding of tag {tag!r}")
        return sorted(found, key=lambda embedding: (embedding.step is not None, embedding.step or 0))

    def version(self, run: str, embedding: Embedding) -> str:
        """What names the bytes of an embedding's tensor and metadata, without reading them; a file that is
        not there is named as missing.
        """
        if file := self._opened.find(run):
            return repr(file.matrix(embedding.tensor_name)[0])
        parts = [embedding.tensor_name, repr(embedding.tensor_shape)]
        for path in (embedding.tensor_path, embedding.metadata_path):
            try:
                parts.append(self._provider.asset(run, path).version if path else "")
            except (CupolaError, OSError):
                parts.append("missing")
        return "\n".join(parts)

    def labels_digest(self, run: str, embedding: Embedding) -> str:
        """What names the content of an embedding's metadata: the same text for the same labels. Empty where
        it has none that can be read.
        """
        if file := self._opened.find(run):
            has_columns = bool(file.metadata(embedding.tensor_name).columns)
            return self.version(run, embedding) if has_columns else ""
        try:
            path = embedding.metadata_path
            data = self._provider.asset(run, path).read() if path else b""
        except (CupolaError, OSError):
            return ""
        return hashlib.sha256(data).hexdigest() if data else ""

    def tensor(self, run: str, name: str) -> NDArray[np.float32]:
        """The N×D matrix of an embedding.

        Raises:
            UnknownSeries: no such embedding, or its file is not there or outside the run.
            DecodeError: the file holds no matrix.
        """
        return self._tensor(run, name)[1].matrix

    def declared_rows(self, run: str, name: str) -> int | None:
        """How many points there should be where the tensor's file was cut short; else None. Raises what
        `tensor` does.
        """
        return self._tensor(run, name)[1].declared_rows

    def projection(self, run: str, name: str, sphereize: bool) -> tuple[Projection, tuple[int, int]]:
        """Principal components of an embedding, and its shape. Raises what `tensor` does."""
        key, tensor = self._tensor(run, name)
        matrix = tensor.matrix
        made = self._projections.get((key, sphereize), lambda: pca(matrix, sphereize))
        return made, (matrix.shape[0], matrix.shape[1])

    def content(self, run: str, name: str) -> tuple[str, tuple[int, int]]:
        """What names the bytes of an embedding's tensor and labels; its shape. Raises what `tensor` does."""
        embedding = self.find(run, name)
        key, tensor = self._tensor(run, name)
        matrix = tensor.matrix
        if self._opened.find(run):
            return repr(key), (matrix.shape[0], matrix.shape[1])
        labels = self._provider.asset(run, embedding.metadata_path).version if embedding.metadata_path else ""
        return repr((key, labels)), (matrix.shape[0], matrix.shape[1])

    def metadata(self, run: str, name: str) -> Metadata:
        """The metadata of an embedding's points; no columns where it has none. Raises what `tensor` does."""
        if file := self._opened.find(run):
            return file.metadata(name)
        embedding = self.find(run, name)
        tensor = self._tensor(run, name)[1]
        count = len(tensor.matrix)
        if not embedding.metadata_path:
            return Metadata([], count)
        data = self._provider.asset(run, embedding.metadata_path).read()
        return decode_metadata(data, count, tensor.declared_rows)

    def sprite(self, run: str, name: str) -> Asset:
        """The sprite: one image file with the images of all points.

        Raises:
            UnknownSeries: no such embedding, no sprite, or their file is not there or outside the run.
        """
        embedding = self.find(run, name)
        if not embedding.sprite_path or self._opened.find(run):
            raise UnknownSeries(f"embedding {name!r} of run {run!r} has no sprite")
        return self._provider.asset(run, embedding.sprite_path)

    def tiles(self, run: str, name: str) -> Tiles | Pictures | Chosen:
        """The images of an embedding's points. Raises what `sprite` does.

        Raises:
            DecodeError: the config does not say how large one image is, or `decode_sprite` cannot read them.
        """
        if opened := self._opened.find(run):
            return opened.pictures(name)
        file, embedding = self.sprite(run, name), self.find(run, name)
        tile = embedding.tile_size
        if tile is None:
            raise DecodeError(
                f"the config of run {run!r} does not say how large one image on the sprite of {name!r} is; "
                "wanted single_image_dim twice, its width and its height"
            ).coded("no_tile_size", name=name)
        key = (run, embedding.sprite_path, file.version, tile)
        return self._sprites.get(key, lambda: decode_sprite(file.read(), tile, embedding.sprite_path))

    def bookmarks(self, run: str, name: str) -> list[Any]:
        """The saved states of an embedding, TensorBoard's; none where its config names no file of them.

        Raises:
            UnknownSeries: no such embedding, or its file is not there or outside the run.
            DecodeError: the file is no JSON array, or larger than `BOOKMARKS_BYTES`.
        """
        path = "" if self._opened.find(run) else self.find(run, name).bookmarks_path
        if not path:
            return []
        data = self._provider.asset(run, path).read(length=BOOKMARKS_BYTES + 1)
        if len(data) > BOOKMARKS_BYTES:
            raise DecodeError(
                f"{path} is larger than {BOOKMARKS_BYTES >> 20} MiB; save bookmarks of fewer points"
            ).coded("bookmarks_large", path=path, most_mib=BOOKMARKS_BYTES >> 20)
        try:
            states = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise DecodeError(
                f"{path} is no JSON ({error}); wanted the bookmarks that TensorBoard saves"
            ).coded("bookmarks_json", path=path, error=str(error)) from None
        if not isinstance(states, list):
            raise DecodeError(
                f"{path} holds a {type(states).__name__}; wanted a JSON array of bookmarks"
            ).coded("bookmarks_form", path=path)
        return states

    def describe_sprite(self, run: str, name: str) -> Sprite | None:
        """The sprite's size and version; None if the embedding has none."""
        try:
            if file := self._opened.find(run):
                images = file.pictures(name)
                return Sprite((images.tile[0], images.tile[1] * images.count), images.version)
            sprite = self.sprite(run, name)
        except UnknownSeries:
            return None
        return Sprite(pixel_size(sprite.read(length=HEADER_BYTES)), sprite.version)

    def subset(self, run: str, name: str, chosen: NDArray[np.bool_]) -> Subset:
        """Some points of an embedding as one of their own, listed from now on. Raises what `tensor` does."""
        whole = self.find(run, name)
        try:
            metadata = self.metadata(run, name)
        except (CupolaError, OSError):  # said where the whole is shown
            metadata = Metadata([], 0)
        images = (lambda: self.tiles(run, name)) if whole.sprite_path else None
        made = Subset(whole, self.tensor(run, name), metadata, chosen, images)
        self._opened.add(made)
        return made

    def sprite_version(self, run: str, name: str) -> str:
        """What names the images' bytes. Raises what `sprite` does."""
        file = self._opened.find(run)
        return file.pictures(name).version if file else self.sprite(run, name).version

    def _run(self, run: str, config: str) -> Run:
        try:
            text = self._provider.asset(run, config).read().decode("utf-8", "backslashreplace")
            found = {embedding.tensor_name: embedding for embedding in decode_config(text)}
            return Run(run, list(found.values()), None)
        except (CupolaError, OSError) as error:
            return Run(run, [], error, config)

    def _tensor(self, run: str, name: str) -> tuple[Hashable, Tensor]:
        if opened := self._opened.find(run):
            key, read = opened.matrix(name)
            return key, self._tensors.get(key, lambda: Tensor(read()))
        embedding = self.find(run, name)
        if not embedding.tensor_path:
            raise DecodeError(
                f"embedding {name!r} of run {run!r} names no tensor file, and cupola reads no TensorFlow "
                "checkpoints; export the variable with add_embedding"
            ).coded("no_tensor_file", name=name)
        path, shape = embedding.tensor_path, embedding.tensor_shape
        file = self._provider.asset(run, path)
        key = (run, path, file.version, shape)
        return key, self._tensors.get(key, lambda: decode_tensor(file.read(), shape, path))


def _opened_run(file: OpenedFile | Subset) -> Run:
    try:
        return Run(file.run, file.embeddings(), None)
    except DecodeError as error:
        return Run(file.run, [], error)
