"""How much of what there is has been read."""

from __future__ import annotations

from typing import NamedTuple

from cupola.index.event_file import EventFile
from cupola.index.log_index import LogIndex


class Progress(NamedTuple):
    """Counts of a moment."""

    files: int
    """Event files that are known."""
    files_read: int
    """Those of them that were read to their end once."""
    bytes: int
    """Size of all of them."""
    points: int
    """Points of all series."""
    runs: int


def progress(index: LogIndex) -> Progress:
    """The counts of an index, under its lock."""
    with index.lock:
        files = [file for file in index.files.values() if isinstance(file, EventFile)]
        return Progress(
            len(files),
            sum(file.caught_up or file.error is not None for file in files),
            sum(file.size for file in files),
            sum(series.count for run in index.runs.values() for series in run.series.values()),
            len(index.runs),
        )
