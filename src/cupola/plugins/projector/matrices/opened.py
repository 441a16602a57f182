"""Files whose matrices are shown beside the runs: dropped on the page, or named on the command line."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import IO, Final

from cupola.errors import DecodeError, UnknownSeries
from cupola.plugins.projector.config import Embedding
from cupola.plugins.projector.decode import Metadata
from cupola.plugins.projector.matrices.contents import Contents, Floats
from cupola.plugins.projector.matrices.describe import metadata_of, metadata_of_file
from cupola.plugins.projector.matrices.pictures import Pictures
from cupola.plugins.projector.matrices.read import read_contents
from cupola.plugins.projector.matrices.subset import Subset

MOST_SUBSETS: Final = 8
"""The oldest gives way."""


class OpenedFile:
    """A matrix file. It is read again when it has changed, which is looked for at every question.

    Args:
        run: what it is listed as among runs.
        name: the file's, for messages.
        open_: opens it.
        metadata: a file that describes the points, beside what the matrix file itself says of them.
        pictures: the points' images.
    """

    def __init__(
        self,
        run: str,
        name: str,
        open_: Callable[[], IO[bytes]],
        metadata: Path | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        self.run = run
        self.name = name
        self.metadata_path = metadata
        self._open = open_
        self._pictures = pictures
        self._lock = threading.Lock()
        self._known: tuple[Hashable, Contents] | None = None

    @property
    def contents(self) -> Contents:
        """What the file holds now.

        Raises:
            DecodeError: it is gone or damaged.
        """
        return self._current()[1]

    def embeddings(self) -> list[Embedding]:
        """One for each matrix."""
        contents = self.contents
        return [self._embedding(contents, name) for name in contents.matrices]

    def find(self, name: str) -> Embedding:
        """The embedding of that name.

        Raises:
            UnknownSeries: there is none.
        """
        contents = self.contents
        if name not in contents.matrices:
            raise UnknownSeries(f"{self.name} has no matrix {name!r}; it has {', '.join(contents.matrices)}")
        return self._embedding(contents, name)

    def matrix(self, name: str) -> tuple[Hashable, Callable[[], Floats]]:
        """What names a matrix's bytes, and what reads it."""
        signature, contents = self._current()
        self.find(name)
        return (self.run, name, signature), contents.matrices[name].read

    def metadata(self, name: str) -> Metadata:
        """The columns that describe the points of a matrix: the metadata file's, then the file's own."""
        count = self.contents.matrices[self.find(name).tensor_name].shape[0]
        own = metadata_of(self.contents, count)
        if self.metadata_path is None:
            return own
        told = metadata_of_file(self.metadata_path, count)
        names = {column.name for column in told.columns}
        return Metadata([*told.columns, *(c for c in own.columns if c.name not in names)], told.rows)

    def pictures(self, name: str) -> Pictures:
        """The points' images.

        Raises:
            UnknownSeries: there are none.
        """
        self.find(name)
        if self._pictures is None:
            raise UnknownSeries(f"{self.name} has no images; `cupola projector FILE --images DIR` shows some")
        if self.metadata_path is None and not self.contents.columns:
            return self._pictures
        try:
            return self._pictures.by_name(self.metadata(name))
        except DecodeError:  # said where the metadata are shown
            return self._pictures

    def _embedding(self, contents: Contents, name: str) -> Embedding:
        matrix = contents.matrices[name]
        described = self.metadata_path is not None or any(
            len(cells) == matrix.shape[0]
            for key, cells in contents.columns.items()
            if key not in contents.inside
        )
        return Embedding(
            tensor_name=name,
            tensor_path=self.name,
            tensor_shape=matrix.shape,
            metadata_path="metadata" if described else "",
            sprite_path="images" if self._pictures else "",
            tile_size=self._pictures.tile if self._pictures else None,
        )

    def _current(self) -> tuple[Hashable, Contents]:
        with self._lock:
            try:
                with self._open() as file:
                    status = os.fstat(file.fileno())
                    signature = (status.st_size, status.st_mtime_ns, status.st_ino)
                    if self._known is None or self._known[0] != signature:
                        self._known = None  # lets go of the old bytes first
                        self._known = (signature, read_contents(file, self.name))
            except OSError as error:
                raise DecodeError(f"{self.name} cannot be read: {error.strerror or error}") from None
            return self._known


class OpenedFiles:
    """Those of a server, by run. May be asked from any thread."""

    def __init__(self, files: tuple[OpenedFile, ...] = ()) -> None:
        self._files: dict[str, OpenedFile | Subset] = {file.run: file for file in files}

    def list(self) -> list[OpenedFile | Subset]:
        """All, in the order in which they were opened."""
        return list(self._files.values())

    def find(self, run: str) -> OpenedFile | Subset | None:
        """The file that is listed as this run."""
        return self._files.get(run)

    def add(self, file: OpenedFile | Subset) -> None:
        """Lists a file, or points of one; one of the same name gives way."""
        files = {**self._files, file.run: file}
        subsets = [run for run, other in files.items() if isinstance(other, Subset)]
        for run in subsets[:-MOST_SUBSETS]:
            del files[run]
        self._files = files

    def remove(self, run: str) -> bool:
        """Forgets a file. False if there was none."""
        rest = {name: file for name, file in self._files.items() if name != run}
        gone, self._files = len(rest) < len(self._files), rest
        return gone
