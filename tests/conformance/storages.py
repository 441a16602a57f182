"""What the suite writes into and asks, for each provider. A further provider is a class in `STORAGES`."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path

from tests.support.log_file import WALL_TIME, LogFile, scalar, start, tensor
from tests.support.memory_provider import MemoryProvider

from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.provider import DataProvider
from cupola.types import SeriesKey


class Storage(ABC):
    """A storage that holds nothing yet, and the provider over it. What is written is there when the call
    returns.
    """

    provider: DataProvider
    shows_links = False
    """Whether assets are files of this machine, which links may lead to."""
    knows_restarts = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def add_scalar(self, run: str, tag: str, step: int, value: float) -> None:
        """A point of the plugin scalars, at `wall_time(step)`."""

    @abstractmethod
    def add_text(self, run: str, tag: str, step: int, text: bytes) -> None:
        """A blob of the plugin text, at `wall_time(step)`."""

    @abstractmethod
    def replace_text(self, run: str, old: bytes, new: bytes) -> None:
        """Other bytes of the same length in the same place."""

    @abstractmethod
    def remove_run(self, run: str) -> None:
        """A run is deleted."""

    @abstractmethod
    def write_asset(self, run: str, path: str, data: bytes) -> None:
        """A file of a run, new or another one."""

    @abstractmethod
    def another(self) -> DataProvider:
        """A provider over the same storage, as another process would open it."""

    def restart(self, run: str, step: int) -> None:
        """Points of a run from a step on are hidden."""
        raise NotImplementedError


def wall_time(step: int) -> float:
    """Of every point of that step."""
    return WALL_TIME + step


class LocalStorage(Storage):
    shows_links = knows_restarts = True

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.provider = self.local = LocalProvider(folder, plugins().values())
        self.local.poll()
        self.files: dict[str, LogFile] = {}

    def _write(self, run: str, record: bytes) -> None:
        if run not in self.files:
            self.files[run] = LogFile(self.folder / run)
        self.files[run].write(record)
        self.local.poll()

    def add_scalar(self, run: str, tag: str, step: int, value: float) -> None:
        self._write(run, scalar(tag, step, value))

    def add_text(self, run: str, tag: str, step: int, text: bytes) -> None:
        self._write(run, tensor(tag, step, "text", text))

    def replace_text(self, run: str, old: bytes, new: bytes) -> None:
        """By a file of the same name with whole records, as a run that is logged again has it."""
        file = self.files[run]
        data = file.path.read_bytes()
        for step in range(10):
            data = data.replace(tensor("t", step, "text", old), tensor("t", step, "text", new))
        aside = self.folder / "aside"
        aside.write_bytes(data)
        aside.replace(file.path)
        self.local.poll()

    def remove_run(self, run: str) -> None:
        self.files.pop(run).path.unlink()
        self.local.poll()

    def write_asset(self, run: str, path: str, data: bytes) -> None:
        file = self.folder / run / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        self.local.poll()

    def another(self) -> DataProvider:
        time.sleep(0.03)  # a moment, as there is between two processes
        provider = LocalProvider(self.folder, plugins().values())
        provider.load()
        return provider

    def restart(self, run: str, step: int) -> None:
        self._write(run, start(step))


class MemoryStorage(Storage):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.provider = self.memory = MemoryProvider()

    def add_scalar(self, run: str, tag: str, step: int, value: float) -> None:
        self.memory.add(SeriesKey(run, "scalars", tag), step, wall_time(step), value)

    def add_text(self, run: str, tag: str, step: int, text: bytes) -> None:
        self.memory.add(SeriesKey(run, "text", tag), step, wall_time(step), text)

    def replace_text(self, run: str, old: bytes, new: bytes) -> None:
        self.memory.replace(run, old, new)

    def remove_run(self, run: str) -> None:
        self.memory.remove(run)

    def write_asset(self, run: str, path: str, data: bytes) -> None:
        self.memory.add_asset(SeriesKey(run, "projector", path), data)

    def another(self) -> DataProvider:
        return self.memory.copy()


STORAGES: dict[str, type[Storage]] = {"local": LocalStorage, "memory": MemoryStorage}
