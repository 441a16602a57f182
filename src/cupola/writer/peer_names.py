"""The peers' names for a writer's parts, `file_writer`, `all_writers` and `_get_file_writer`; and what hooks
into them.

The peers hand each event to a `FileWriter`, which hands it to an `EventFileWriter`. Collectors of other
services and programs' own subclasses stand in between: they put a subclass in the place of one of the two,
replace or override a method, or give a writer another `file_writer`. cupola's events bypass both. Where
something stands in between they are sent through it, one by one and within the call; nobody else pays.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cupola.writer import process_hooks
from cupola.writer.event_files import EventFiles
from cupola.writer.event_writer import EventWriter, NullEventWriter
from cupola.writer.untraced import untraced

if TYPE_CHECKING:
    from cupola.peers.file_writer import FileWriter

_living: weakref.WeakValueDictionary[int, PeerNames] = weakref.WeakValueDictionary()


def hooks_changed() -> None:
    """A method of the peers' classes was replaced: it counts for the files that are open, too."""
    for writer in list(_living.values()):
        writer._send_all()


@untraced
class PeerNames:
    """The part of `SummaryWriter` that programs and tools reach by the peers' names."""

    _peer_module = "torch.utils.tensorboard.writer"
    """Where the names of the two classes are looked up under `cupola.compat`, as the peer does."""

    _files: EventFiles
    _file_writers: dict[EventWriter, FileWriter]
    log_dir: Any
    max_queue: int
    flush_secs: float
    filename_suffix: str

    @property
    def file_writer(self) -> FileWriter | None:
        """The `FileWriter` of `log_dir`; None after `close`. Another one may be put in its place."""
        return None if self._files.main is None else self._file_writer(self._files.main)

    @file_writer.setter
    def file_writer(self, writer: FileWriter | None) -> None:
        self._files.main = None if writer is None else self._file_of(writer)
        self._send_all()

    @property
    def all_writers(self) -> dict[str, FileWriter] | None:
        """Directory to `FileWriter`, those of `add_scalars` too; None after `close`."""
        files = self._files.by_directory
        return _AllWriters(self, {name: self._file_writer(file) for name, file in files.items()}) or None

    @all_writers.setter
    def all_writers(self, writers: Mapping[str, FileWriter] | None) -> None:
        self._files.by_directory = {name: self._file_of(each) for name, each in (writers or {}).items()}
        self._send_all()

    def _get_file_writer(self) -> FileWriter:
        """The `FileWriter` of `log_dir`; opened anew if it was closed."""
        return self._file_writer(self._files.main or self._open_main())

    # Within

    def _open_main(self, open_now: bool = False) -> EventWriter:
        raise NotImplementedError

    def _forget_files(self) -> None:
        """What is remembered of open files besides `_files` is out of date."""
        raise NotImplementedError

    def _listener(self) -> Callable[[EventWriter], None]:
        """What the event files tell of each that is opened; it keeps no writer alive."""
        reference = weakref.ref(self)

        def opened(file: EventWriter) -> None:
            if (writer := reference()) is not None:
                writer._opened(file)

        return opened

    @property
    def _is_overridden(self) -> bool:
        # Not by `vars(self)`: a writer whose `__dict__` was asked for has slower attributes ever after.
        return getattr(self._get_file_writer, "__func__", None) is not _GET_FILE_WRITER

    def _file_writer(self, file: EventWriter) -> FileWriter:
        writers = self._file_writers  # `close`, of a signal handler too, puts others in their place
        if file not in writers:
            with process_hooks.no_fork():
                from cupola.peers.file_writer import around
            arguments = (self.max_queue, self.flush_secs, self.filename_suffix)
            writers.setdefault(file, around(file, self._peer_module, arguments))
        return writers[file]

    def _file_of(self, writer: FileWriter) -> EventWriter:
        """The event file of a file writer that a program made."""
        file = getattr(getattr(writer, "event_writer", None), "file", None)
        known = [known for known, its in self._file_writers.items() if its is writer]
        file = (
            known[0] if known else file if isinstance(file, EventWriter) else _Foreign(self.log_dir, writer)
        )
        self._file_writers[file] = writer
        return file

    def _open_by_override(self) -> EventWriter:
        writer = self._get_file_writer()
        if self._files.main is None:  # it was made and kept elsewhere
            self.file_writer = writer
        file = self._files.main
        assert file is not None
        self._files.by_directory.setdefault(file.logdir, file)
        self._send(file)
        return file

    def _opened(self, file: EventWriter) -> None:
        """A file was opened. Nobody can have hooked into classes that nobody has imported."""
        if "cupola.peers.file_writer" in sys.modules:
            self._file_writer(file)
        self._send(file)
        _living[id(self)] = self

    def _send_all(self) -> None:
        for file in {*self._files.by_directory.values(), *filter(None, [self._files.main])}:
            self._file_writer(file)
            self._send(file)
        self._forget_files()

    def _send(self, file: EventWriter) -> None:
        """Has the file's events go through whatever stands in between, or straight to the file."""
        writer, peer_module = self._file_writers.get(file), self._peer_module
        if self._is_overridden and file is self._files.main:
            from cupola.peers.file_writer import deliver

            file.send_to(lambda payload: deliver(self._get_file_writer(), payload, peer_module))
        elif writer is not None:
            from cupola.peers.file_writer import deliver, is_hooked

            is_between = isinstance(file, _Foreign) or is_hooked(writer)
            file.send_to((lambda payload: deliver(writer, payload, peer_module)) if is_between else None)


_GET_FILE_WRITER = PeerNames._get_file_writer


class _AllWriters(dict[str, Any]):
    """A dict that programs put file writers into, as the peers' own `add_scalars` does."""

    def __init__(self, owner: PeerNames, writers: Mapping[str, Any]) -> None:
        super().__init__(writers)
        self._owner = owner

    def __setitem__(self, directory: str, writer: Any) -> None:
        super().__setitem__(directory, writer)
        self._owner.all_writers = self


class _Foreign(NullEventWriter):
    """In the place of an event file: a file writer that has nothing of cupola's."""

    def __init__(self, logdir: Any, writer: FileWriter) -> None:
        super().__init__(logdir)
        self._writer = writer

    write = EventWriter.write
    write_scalar = EventWriter.write_scalar

    def flush(self, patience: Any = None) -> bool:
        """Has the writer do so."""
        self._writer.flush()
        return True

    def close(self, patience: Any = None) -> None:
        """Has the writer do so."""
        self._writer.flush()
        self._writer.close()
