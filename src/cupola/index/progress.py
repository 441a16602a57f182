"""How much of what there is has been read."""

from __future__ import annotations

from cupola.index.event_file import EventFile
from cupola.index.log_index import LogIndex
from cupola.types import Progress


def progress(index: LogIndex, elapsed_s: float) -> Progress:
    """The counts of an index, under its lock."""
    with index.lock:
        files = [file for file in index.files.values() if isinstance(file, EventFile)]
        done = [file.caught_up or file.error is not None for file in files]
        return Progress(
            files=len(files),
            files_read=sum(done),
            bytes=sum(file.size for file in files),
            bytes_read=sum(
                file.size if is_done else min(file.read_bytes, file.size)
                for file, is_done in zip(files, done, strict=True)
            ),
            points=sum(series.count for run in index.runs.values() for series in run.series.values()),
            runs=len(index.runs),
            elapsed_s=elapsed_s,
        )
