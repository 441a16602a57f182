"""All pictures of a series as one ZIP file, made while it is sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

from cupola.errors import DecodeError, NotFound, Unreadable
from cupola.media import media_type
from cupola.plugins.images.decode import decode
from cupola.provider import DataProvider
from cupola.types import SeriesKey

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""ZIP's earliest time: the same log gives the same file, whenever it is asked."""


def archive(provider: DataProvider, key: SeriesKey) -> Iterator[bytes]:
    """The pieces of a ZIP file: of each step every sample as it was logged, named `<step>.png`; where a step
    has several, or is there several times, `<step>-<number>.png`. What cannot be read is listed, with its
    reason, in `damaged.txt`.

    Raises:
        UnknownSeries: there is no such series.
    """
    columns = provider.blobs(key)
    return _pieces(provider, columns.step.tolist(), columns.key)


def _pieces(provider: DataProvider, steps: list[int], keys: Sequence[str]) -> Iterator[bytes]:
    sink = _Sink()
    problems = []
    counts: dict[int, int] = {}
    # Stored: pictures are compressed already.
    with zipfile.ZipFile(sink, "w") as file:
        for step, key in zip(steps, keys, strict=True):
            try:
                samples = decode(provider.read(key)).samples
            except (DecodeError, NotFound, Unreadable) as error:
                problems.append(f"step {step}: {error}\n")
                continue
            for data in samples:
                number = counts[step] = counts.get(step, 0) + 1
                name = f"{step}-{number}" if number > 1 or len(samples) > 1 else str(step)
                file.writestr(zipfile.ZipInfo(name + media_type(data)[1], _EARLIEST), data)
                yield sink.take()
        if problems:
            file.writestr(zipfile.ZipInfo("damaged.txt", _EARLIEST), "".join(problems))
    yield sink.take()


class _Sink(io.RawIOBase):
    """What was written since it was last taken; nothing can be sought in it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken
