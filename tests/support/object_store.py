"""An object store for writers with a URL: fsspec's file system in memory, whose connection can be cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from cupola.writer import upload


class Net(MemoryFileSystem):
    """Objects that are put whole; `cut` makes every request fail."""

    protocol = "net"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    cut = False
    puts = 0

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.removeprefix("net:/")))

    def pipe_file(self, path: str, value: bytes, **options: Any) -> None:
        if Net.cut:
            raise ConnectionError("the net is gone")
        Net.puts += 1
        super().pipe_file(path, value, **options)


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty one at `net://`, to which is copied ten times a second."""
    fsspec.register_implementation("net", Net, clobber=True)
    monkeypatch.setattr(upload, "INTERVAL_S", 0.1)
    monkeypatch.setattr(upload.Uploader.__init__, "__defaults__", (0.1,))
    Net.cut, Net.puts = False, 0
    Net.store.clear()


def fetch(directory: Path) -> Path:
    """What is in the store, as files."""
    for name, file in dict(Net.store).items():
        path = directory / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.getvalue())
    return directory
