"""Points in their order, through growth, rotation, restarts, replacement and loss."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tests.support.log import read, steps, wait
from tests.support.log_file import WALL_TIME, LogFile, record, scalar, start, tensor, version

from cupola.errors import UnknownBlob, UnknownSeries, Unreadable
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.types import DataClass, SeriesKey


def test_growth_is_seen_point_by_point(tmp_path: Path):
    file = LogFile(tmp_path / "run")
    provider = read(tmp_path)
    for step in range(20):
        cursor = provider.changes(0).cursor
        file.points("x", [step])
        provider.poll()
        assert steps(provider, "run", "x") == list(range(step + 1))
        assert provider.changes(cursor).series == {SeriesKey("run", "scalars", "x")}


def test_a_tail_cut_at_every_byte_is_waited_for(tmp_path: Path):
    file = LogFile(tmp_path / "run").points("x", [0])
    provider = read(tmp_path)
    for byte in scalar("x", 1, 1.0):
        assert steps(provider, "run", "x") == [0]
        file.write(bytes([byte]))
        provider.poll()
    assert steps(provider, "run", "x") == [0, 1]
    assert provider.runs()[0].damage == ()


def test_columns_are_exact(tmp_path: Path):
    file = LogFile(tmp_path / "run")
    values = [0.1, -0.0, float("nan"), float("inf"), -float("inf"), 1e-45, 3e38]
    points = [-5, 2**63 - 1, -(2**63), 0, 7, 7, 3]
    for step, value in zip(points, values, strict=True):
        file.write(scalar("x", step, value, wall_time=WALL_TIME + value))
    columns = read(tmp_path).scalars(SeriesKey("run", "scalars", "x"))
    assert columns.step.tolist() == points
    assert columns.value.tobytes() == np.array(values, np.float32).tobytes()
    assert columns.wall_time.tobytes() == (WALL_TIME + np.array(values)).tobytes()
    assert (str(columns.step.dtype), str(columns.wall_time.dtype)) == ("int64", "float64")


def test_files_of_a_run_stand_in_the_order_of_their_names(tmp_path: Path):
    first, third = LogFile(tmp_path, "1"), LogFile(tmp_path, "3").points("x", [30])
    provider = read(tmp_path)
    first.points("x", [10])
    provider.poll()
    assert steps(provider, ".", "x") == [10, 30]
    LogFile(tmp_path, "2").points("x", [20, 21])
    provider.poll()
    assert steps(provider, ".", "x") == [10, 20, 21, 30]
    first.points("x", [11])
    third.points("x", [31])
    provider.poll()
    assert steps(provider, ".", "x") == [10, 11, 20, 21, 30, 31]


def test_two_long_files_that_grow_by_turns(tmp_path: Path):
    a = LogFile(tmp_path, "1").points("x", range(6000))
    b = LogFile(tmp_path, "2").points("x", range(10_000, 16_000))
    provider = read(tmp_path)
    for turn in range(4):
        (a if turn % 2 else b).points("x", [100_000 + turn])
        provider.poll()
        if turn == 1:
            assert len(steps(provider, ".", "x")) == 12_002
    expected = [*range(6000), 100_001, 100_003, *range(10_000, 16_000), 100_000, 100_002]
    assert steps(provider, ".", "x") == expected


def test_repeated_and_backward_steps_are_all_kept(tmp_path: Path):
    order = [0, 0, 0, 5, 3, 4, 5, 5, 1]
    LogFile(tmp_path).points("x", order)
    assert steps(read(tmp_path), ".", "x") == order


def test_a_restart_in_the_file_hides_what_stood_before_it(tmp_path: Path):
    file = LogFile(tmp_path).points("x", range(10)).points("y", range(10))
    provider = read(tmp_path)
    file.write(start(5)).points("x", [5, 6])
    provider.poll()
    assert steps(provider, ".", "x") == [0, 1, 2, 3, 4, 5, 6]
    assert steps(provider, ".", "y") == [0, 1, 2, 3, 4]
    file.write(start(0))
    provider.poll()
    assert provider.series() == []


@pytest.mark.parametrize("order", range(6))
def test_a_restart_in_a_later_file_holds_whatever_arrives_first(tmp_path: Path, order: int):
    makers: list[Callable[[], object]] = [
        lambda: LogFile(tmp_path, "1").points("x", range(10)).points("y", range(10)),
        lambda: LogFile(tmp_path, "2").write(start(6)).points("x", range(6, 12)),
        lambda: LogFile(tmp_path, "3").write(start(8)).points("x", range(8, 9)),
    ]
    random.Random(order).shuffle(makers)
    provider = read(tmp_path)
    for make in makers:
        make()
        provider.poll()
    assert steps(provider, ".", "x") == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert steps(provider, ".", "y") == [0, 1, 2, 3, 4, 5]
    LogFile(tmp_path, "1").points("x", [0, 7]).points("z", [3, 9])  # made anew, and before a restart still
    provider.poll()
    assert steps(provider, ".", "x") == [0, 6, 7, 8]
    assert steps(provider, ".", "z") == [3]


def test_what_a_vanished_restart_had_hidden_comes_back(tmp_path: Path):
    LogFile(tmp_path, "1").points("x", range(10))
    second = LogFile(tmp_path, "2").write(start(4)).points("x", [4])
    provider = read(tmp_path)
    assert steps(provider, ".", "x") == [0, 1, 2, 3, 4]
    second.path.unlink()
    provider.poll()
    assert steps(provider, ".", "x") == list(range(10))


def test_replaced_cut_and_rewritten_files_show_what_they_hold_now(tmp_path: Path):
    file = LogFile(tmp_path / "run").points("x", range(20))
    provider = read(tmp_path)
    longer = LogFile(tmp_path / "aside").points("x", range(30))
    longer.path.replace(file.path)  # as rsync does
    provider.poll()
    assert steps(provider, "run", "x") == list(range(30))
    other = LogFile(tmp_path / "aside").points("z", range(50))
    other.path.replace(file.path)
    provider.poll()
    assert steps(provider, "run", "x") == [] and steps(provider, "run", "z") == list(range(50))
    file.path.write_bytes(version() + scalar("z", 1, 1.0))
    provider.poll()
    assert steps(provider, "run", "z") == [1]
    file.points("z", range(2, 40))
    provider.poll()
    assert steps(provider, "run", "z") == list(range(1, 40))


def test_runs_and_files_vanish_and_come_back(tmp_path: Path):
    file = LogFile(tmp_path / "run", "1").points("x", [1])
    other = LogFile(tmp_path / "run", "2").points("x", [2]).points("y", [2])
    provider = read(tmp_path)
    cursor = provider.changes(0).cursor
    other.path.unlink()
    provider.poll()
    assert steps(provider, "run", "x") == [1] and steps(provider, "run", "y") == []
    assert provider.changes(cursor).structure
    file.path.unlink()
    provider.poll()
    assert provider.runs() == []
    LogFile(tmp_path / "run", "1").points("x", [9])
    provider.poll()
    assert steps(provider, "run", "x") == [9]


def test_which_plugin_a_value_belongs_to(tmp_path: Path):
    LogFile(tmp_path / "run", "1").write(
        tensor("t", 0, "text", b"one"),
        tensor("t", 1, "", b"two"),
        tensor("mine", 0, "my_plugin"),
        tensor("bare", 0),
    ).points("t", [0])
    found = {info.key[1:]: (info.data_class, info.count) for info in read(tmp_path).series()}
    blob = DataClass.BLOB
    assert found == {
        ("text", "t"): (blob, 2),
        ("scalars", "t"): (DataClass.SCALAR, 1),
        ("my_plugin", "mine"): (blob, 1),
        ("", "bare"): (blob, 1),
    }


@pytest.mark.parametrize("named", ["1", "2"])
def test_files_without_metadata_follow_what_another_said(tmp_path: Path, named: str):
    provider = read(tmp_path)
    LogFile(tmp_path, "1").write(tensor("t", 1, "text" if named == "1" else "", b"one"))
    provider.poll()
    LogFile(tmp_path, "2").write(tensor("t", 2, "text" if named == "2" else "", b"two"))
    provider.poll()
    (info,) = provider.series()
    assert (info.key.plugin, info.count) == ("text", 2)
    assert provider.blobs(info.key).step.tolist() == [1, 2]


def test_blobs_are_read_by_key(tmp_path: Path):
    payload = os.urandom(5000)
    LogFile(tmp_path, "1").write(tensor("t", 1, "text", payload))
    second = LogFile(tmp_path, "2").write(tensor("t", 2, "text", b"two"))
    provider = read(tmp_path)
    first, last = provider.blobs(SeriesKey(".", "text", "t")).key
    assert payload in provider.read(first) and b"two" in provider.read(last)
    second.path.write_bytes(second.path.read_bytes().replace(b"two", b"2.0"))  # not noticed yet
    with pytest.raises(Unreadable, match="was written over"):
        provider.read(last)
    second.path.write_bytes(b"")
    with pytest.raises(Unreadable, match="was replaced"):
        provider.read(last)
    second.path.unlink()
    with pytest.raises(Unreadable, match="No such file"):
        provider.read(last)
    provider.poll()
    with pytest.raises(UnknownBlob, match="no value has the key"):
        provider.read(last)


def test_assets_are_series_that_change(tmp_path: Path):
    (tmp_path / "run").mkdir()
    asset = tmp_path / "run" / "projector_config.pbtxt"
    asset.write_text("embeddings {}")
    provider = read(tmp_path)
    (info,) = provider.series()
    assert info.key == SeriesKey("run", "projector", "projector_config.pbtxt")
    assert info.data_class is DataClass.ASSET
    cursor = provider.changes(0).cursor
    asset.write_text("embeddings {} embeddings {}")
    provider.poll()
    assert provider.changes(cursor).series == {info.key}
    assert provider.asset("run", "projector_config.pbtxt").read() == b"embeddings {} embeddings {}"
    asset.unlink()
    provider.poll()
    assert provider.series() == [] and provider.runs() == []


@pytest.mark.parametrize(
    "path",
    [
        "../secret",
        "a/../../secret",
        "/etc/passwd",
        "",
        ".",
        "a//b",
        "a\x00b",
        "..\\secret",
        "link",
        "linked/secret",
        "C:x",
        "fifo",
        "nothing",
        "x" * 5000,
    ],
)
def test_an_asset_never_leaves_its_run(tmp_path: Path, path: str):
    LogFile(tmp_path / "run")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "run" / "a").mkdir()
    (tmp_path / "run" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "run" / "linked").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "run" / "fifo")
    with pytest.raises(UnknownSeries):
        read(tmp_path).asset("run", path)


def test_an_asset_below_a_linked_run_is_read(tmp_path: Path):
    LogFile(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "00001").mkdir()
    (tmp_path / "elsewhere" / "00001" / "tensors.tsv").write_text("1\t2")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "run").symlink_to(tmp_path / "elsewhere")
    assert read(tmp_path / "logs").asset("run", "00001/tensors.tsv").read() == b"1\t2"
    with pytest.raises(UnknownSeries, match="no run 'other'"):
        read(tmp_path / "logs").asset("other", "00001/tensors.tsv")


def test_unknown_series_say_so(tmp_path: Path):
    LogFile(tmp_path).points("x", [1]).write(tensor("t", 0, "text"))
    provider = read(tmp_path)
    for key in (
        SeriesKey(".", "scalars", "no"),
        SeriesKey("no", "scalars", "x"),
        SeriesKey(".", "text", "t"),
    ):
        with pytest.raises(UnknownSeries, match="no scalar series"):
            provider.scalars(key)
    with pytest.raises(UnknownSeries, match="no blob series"):
        provider.blobs(SeriesKey(".", "scalars", "x"))


def test_cursors(tmp_path: Path):
    file = LogFile(tmp_path).points("x", [1])
    provider = read(tmp_path)
    everything = provider.changes(0)
    assert everything.structure and everything.series == {SeriesKey(".", "scalars", "x")}
    nothing = provider.changes(everything.cursor)
    assert nothing == (everything.__class__)(everything.cursor, False, frozenset())
    file.points("x", [2])
    provider.poll()
    assert not provider.changes(everything.cursor).structure
    # A cursor of another server's life: smaller than any of ours, or larger.
    for strange in (1, everything.cursor - 10_000, provider.changes(0).cursor + 1):
        assert provider.changes(strange).structure


def test_threads_follow_and_wake(tmp_path: Path, follow: Callable[[Path], LocalProvider]):
    provider = follow(tmp_path / "logs")
    woken = []

    def fail() -> None:
        raise ZeroDivisionError("a subscriber's fault is its own")

    unsubscribe = provider.subscribe(lambda: woken.append(1))
    provider.subscribe(fail)
    wait(lambda: not provider.loading)
    file = LogFile(tmp_path / "logs" / "run").points("x", range(100))
    wait(lambda: len(steps(provider, "run", "x")) == 100)
    assert woken
    unsubscribe()
    count = len(woken)
    file.points("x", [100])
    wait(lambda: len(steps(provider, "run", "x")) == 101)
    assert len(woken) == count


def test_many_files_are_loaded_by_all_threads_in_order(
    tmp_path: Path, follow: Callable[[Path], LocalProvider]
):
    for run in range(5):
        for file in range(20):
            LogFile(tmp_path / f"r{run}", f"{file:02}").points("x", range(file * 300, file * 300 + 300))
    provider = follow(tmp_path)
    wait(lambda: not provider.loading)
    for run in range(5):
        assert steps(provider, f"r{run}", "x") == list(range(6000))


def test_reading_leaves_the_directory_and_the_process_as_they_were(
    tmp_path: Path, follow: Callable[[Path], LocalProvider]
):
    for run in range(10):
        LogFile(tmp_path / f"r{run}").points("x", range(5)).write(b"torn", bytes(100))

    def state() -> list[tuple[str, int, int, int]]:
        found = []
        for path in sorted(tmp_path.rglob("*")):
            status = path.stat()
            found.append((str(path), status.st_size, status.st_mtime_ns, status.st_ctime_ns))
        return found

    def open_descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before, descriptors = state(), open_descriptors()
    provider = follow(tmp_path)
    wait(lambda: not provider.loading)
    for info in provider.series():
        provider.scalars(info.key)
    assert state() == before
    watching = 2  # one for inotify, one to end its wait, however many files there are
    wait(
        lambda: open_descriptors() <= descriptors + watching
    )  # torn tails are looked at once more, each shortly
    provider.stop()
    assert open_descriptors() <= descriptors


def test_everything_has_been_read_when_loading_ends(tmp_path: Path):
    """A later value says whose the tag is, so the file that says it is read once more from its beginning."""
    bare = Event(wall_time=WALL_TIME, step=1, summary=Summary(value=[Summary.Value(tag="t")]))
    file = LogFile(tmp_path / "run").points("x", range(100))
    file.write(record(bare), tensor("t", 2, "text", b"two"))
    provider = LocalProvider(tmp_path, plugins().values())
    ended: list[tuple[int, list[tuple[str, str]]]] = []

    def look() -> None:
        if not provider.loading and not ended:
            tags = [info.key[1:] for info in provider.series()]
            ended.append((len(steps(provider, "run", "x")), tags))

    provider.subscribe(look)
    provider.poll()
    assert ended == [(100, [("", "t"), ("text", "t"), ("scalars", "x")])]
