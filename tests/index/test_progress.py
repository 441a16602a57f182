"""How far a log directory was read."""

from __future__ import annotations

from pathlib import Path

from tests.support.log_file import LogFile

from cupola.index.local import LocalProvider
from cupola.plugins import plugins


def test_counts_before_and_after_reading(tmp_path: Path):
    for run in "ab":
        LogFile(tmp_path / run).points("loss", range(100))
    provider = LocalProvider(tmp_path, plugins().values())
    before = provider.progress()
    assert (before.files, before.bytes_read, before.points, before.runs) == (0, 0, 0, 0)
    provider.poll()
    after = provider.progress()
    size = sum(path.stat().st_size for path in tmp_path.rglob("*tfevents*"))
    assert (after.files, after.files_read, after.points, after.runs) == (2, 2, 200, 2)
    assert after.bytes == after.bytes_read == size and after.elapsed_s > before.elapsed_s


def test_a_file_that_is_half_read_counts_by_half(tmp_path: Path):
    LogFile(tmp_path).points("loss", range(20_000))
    provider = LocalProvider(tmp_path, plugins().values())
    provider.poll()
    (file,) = provider._index.files.values()
    file.reset()  # type: ignore[union-attr]
    file.caught_up = False  # type: ignore[union-attr]
    file.scan_bytes = 100_000  # type: ignore[union-attr]
    file.scan()  # type: ignore[union-attr]
    found = provider.progress()
    assert found.files_read == 0 and 50_000 < found.bytes_read < found.bytes


def test_a_file_that_cannot_be_read_keeps_nobody_waiting(tmp_path: Path):
    log = LogFile(tmp_path).points("loss", range(10))
    log.path.chmod(0)
    provider = LocalProvider(tmp_path, plugins().values())
    provider.poll()
    found = provider.progress()
    assert found.files_read == found.files == 1 and found.bytes_read == found.bytes
