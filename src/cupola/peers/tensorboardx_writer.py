"""tensorboardX's classes where they are not torch's: cupola's, with what only tensorboardX does."""

from __future__ import annotations

from typing import Any

from cupola.peers.event_file_writer import EventFileWriter
from cupola.peers.file_writer import FileWriter
from cupola.peers.hooks import with_own_methods
from cupola.writer.summary_writer import SummaryWriter

VERSION = "2.6.5"
"""Whose names and arguments these are: programs compare it with the version that they need."""


@with_own_methods
class TensorboardXWriter(SummaryWriter):
    """`SummaryWriter` with what only tensorboardX does: runs of `add_scalars` are
    `<logdir>/<main_tag>/<key>`.
    """

    _peer_module = "tensorboardX.writer"

    def __init__(
        self,
        logdir: Any = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
        write_to_disk: bool = True,
        log_dir: Any = None,
        comet_config: Any = None,
        **kwargs: Any,
    ) -> None:
        """Makes the directory and an event file in it; keywords may be any of `cupola.SummaryWriter`'s.

        Args:
            logdir: where to log; `runs/<date>_<time>_<host><comment>` if none is given.
            comment: end of that directory's name; has no effect if `logdir` is given.
            purge_step: hides what earlier files of the directory hold from this step on.
            max_queue: accepted for compatibility.
            flush_secs: how many seconds an event may wait in memory; never more than a quarter.
            filename_suffix: end of the event files' names.
            write_to_disk: False checks arguments and writes nothing.
            log_dir: torch's name of `logdir`.
            comet_config: accepted for compatibility and ignored.

        Raises:
            OSError: the directory cannot be used.
        """
        logdir = log_dir if logdir is None else logdir
        queue = (max_queue, flush_secs, filename_suffix, write_to_disk)
        super().__init__(logdir, comment, purge_step, *queue, comet_config=comet_config, **kwargs)

    def _group_directory(self, logdir: str, main_tag: str, key: str) -> str:
        return f"{logdir}/{main_tag}/{key}"


@with_own_methods
class TensorboardXFileWriter(FileWriter):
    """`FileWriter`, over tensorboardX's `EventFileWriter`."""

    peer_module = TensorboardXWriter._peer_module


@with_own_methods
class TensorboardXEventFileWriter(EventFileWriter):
    """`EventFileWriter`: what replaces torch's leaves it alone."""
