"""The embeddings of all runs, and what has been computed from them, kept within a bound of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from cupola._codec import crc32c
from cupola.errors import CupolaError, DecodeError, UnknownSeries
from cupola.plugins.projector.config import Embedding, decode_config
from cupola.plugins.projector.decode import Metadata, decode_metadata, decode_tensor, png_size
from cupola.plugins.projector.pca import Projection, pca
from cupola.provider import DataProvider

TENSOR_CACHE_BYTES: Final = 256 << 20
PROJECTION_CACHE_BYTES: Final = 64 << 20


class Sized(Protocol):
    """What says how much memory it takes."""

    @property
    def nbytes(self) -> int:
        """Bytes."""
        ...


T = TypeVar("T", bound=Sized)


class Cache:
    """The values used last, up to `limit` bytes (the newest always).

    Each is computed once: whoever asks meanwhile waits for it.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of `key`, from `make` if it is not there."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    self._values.move_to_end(key)
                    value: T = self._values[key]
                    return value
            try:
                value = make()
                with self._lock:
                    self._values[key] = value
                    while (
                        len(self._values) > 1 and sum(v.nbytes for v in self._values.values()) > self._limit
                    ):
                        self._values.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value


@dataclass(frozen=True, slots=True)
class Run:
    """A run's embeddings, or why they cannot be listed."""

    name: str
    embeddings: list[Embedding]
    problem: str | None


@dataclass(frozen=True, slots=True)
class Sprite:
    """What can be said of a sprite without decoding it."""

    size: tuple[int, int] | None
    """Width and height in pixels; None if it is no PNG."""
    version: int
    """The CRC of its bytes: a browser may keep them under this number for good."""


class Store:
    """Reads through the provider alone, so nothing outside a run is ever opened, whatever a config names."""

    def __init__(self, provider: DataProvider) -> None:
        self._provider = provider
        self._tensors = Cache(TENSOR_CACHE_BYTES)
        self._projections = Cache(PROJECTION_CACHE_BYTES)

    def runs(self) -> list[Run]:
        """Every run that has a config."""
        return [self._run(info.key.run, info.key.tag) for info in self._provider.series("projector")]

    def find(self, run: str, name: str) -> Embedding:
        """The embedding of a run by its tensor's name (of several the last).

        Raises:
            UnknownSeries: there is none.
        """
        for info in self._provider.series("projector", runs=(run,)):
            for embedding in reversed(self._run(run, info.key.tag).embeddings):
                if embedding.tensor_name == name:
                    return embedding
        raise UnknownSeries(
            f"run {run!r} has no embedding {name!r}; /api/projector/embeddings lists those there are"
        )

    def tensor(self, run: str, name: str) -> NDArray[np.float32]:
        """The N×D matrix of an embedding.

        Raises:
            UnknownSeries: no such embedding, or its file is not there or outside the run.
            DecodeError: the file holds no matrix.
        """
        return self._tensor(run, name)[1]

    def projection(self, run: str, name: str, sphereize: bool) -> tuple[Projection, tuple[int, int]]:
        """Principal components of an embedding, and its shape. Raises what `tensor` does."""
        key, matrix = self._tensor(run, name)
        made = self._projections.get((key, sphereize), lambda: pca(matrix, sphereize))
        return made, (matrix.shape[0], matrix.shape[1])

    def metadata(self, run: str, name: str) -> Metadata:
        """The metadata of an embedding's points; no columns where it has none. Raises what `tensor` does."""
        embedding = self.find(run, name)
        count = len(self.tensor(run, name))
        if not embedding.metadata_path:
            return Metadata([], count)
        return decode_metadata(self._provider.asset(run, embedding.metadata_path).read(), count)

    def sprite(self, run: str, name: str) -> bytes:
        """The bytes of the sprite: one image file with the pictures of all points.

        Raises:
            UnknownSeries: no such embedding, no pictures, or their file is not there or outside the run.
        """
        embedding = self.find(run, name)
        if not embedding.sprite_path:
            raise UnknownSeries(f"embedding {name!r} of run {run!r} has no pictures")
        return self._provider.asset(run, embedding.sprite_path).read()

    def describe_sprite(self, run: str, name: str) -> Sprite | None:
        """The sprite's size and version; None if the embedding has none."""
        try:
            data = self.sprite(run, name)
        except UnknownSeries:
            return None
        return Sprite(png_size(data), crc32c(data))

    def _run(self, run: str, config: str) -> Run:
        try:
            text = self._provider.asset(run, config).read().decode("utf-8", "backslashreplace")
            found = {embedding.tensor_name: embedding for embedding in decode_config(text)}
            return Run(run, list(found.values()), None)
        except (CupolaError, OSError) as error:
            return Run(run, [], f"{config}: {error}")

    def _tensor(self, run: str, name: str) -> tuple[Hashable, NDArray[np.float32]]:
        embedding = self.find(run, name)
        if not embedding.tensor_path:
            raise DecodeError(
                f"embedding {name!r} of run {run!r} names no tensor file, and cupola reads no TensorFlow "
                "checkpoints; export the variable with add_embedding"
            )
        data = self._provider.asset(run, embedding.tensor_path).read()
        # The content is the key: right however a file was changed, and far cheaper than what it saves.
        key = (crc32c(data), len(data), embedding.tensor_shape, embedding.tensor_path)
        return key, self._tensors.get(
            key, lambda: decode_tensor(data, embedding.tensor_shape, embedding.tensor_path)
        )
