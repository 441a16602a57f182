"""A file is read while it grows, whatever piece is there; a file that is another one now is read anew."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto.event_pb2 import Event
from tests.support.scans import Scanned, read_on, record, scalar, scan_file, start, version
from tests.support.scripted_file import ScriptedFile

from cupola._codec import Scanner


def events() -> Iterator[Event]:
    yield Event(wall_time=1.5e9, file_version="brain.Event:2")
    for step in range(6):
        yield scalar("loss", step, step / 2)
        event = scalar("acc", step, step / 4)
        event.summary.value.add(tag="h").histo.bucket.extend(range(step))
        yield event
    yield start(4)
    yield Event(graph_def=b"graph" * 20)
    for step in range(4, 8):
        yield scalar("loss", step, step / 2)


RECORDS = [record(event) for event in events()]
DATA = b"".join(RECORDS)
ENDS = [sum(len(r) for r in RECORDS[: i + 1]) for i in range(len(RECORDS))]


def whole_records(size: int) -> int:
    """How many records stand whole in the first `size` bytes."""
    return sum(end <= size for end in ENDS)


@pytest.fixture
def file(tmp_path: Path) -> ScriptedFile:
    return ScriptedFile(tmp_path / "events.out.tfevents.1", DATA)


def test_cut_at_every_byte(file: ScriptedFile) -> None:
    wanted = []
    for count in range(len(RECORDS) + 1):
        file.rewrite(b"".join(RECORDS[:count]))
        wanted.append(scan_file(file.path))
        assert wanted[-1].records == count
    for size in range(len(DATA) + 1):
        file.rewrite(DATA[:size])
        scanner = Scanner(str(file.path))
        found = read_on(scanner, Scanned(file.path))
        count = whole_records(size)
        assert found == wanted[count], size
        assert scanner.offset == (ENDS[count - 1] if count else 0)
        assert scanner.offset + scanner.pending == size


@pytest.mark.parametrize("max_bytes", [1, 1 << 20])
def test_growing_byte_by_byte(file: ScriptedFile, max_bytes: int) -> None:
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    for size in range(len(DATA) + 1):
        read_on(scanner, found, max_bytes)
        assert found.records == whole_records(size) and found.damage == [] and found.resets == 0
        assert scanner.offset + scanner.pending == size
        file.grow(1)
    whole = scan_file(file.path)
    assert sorted(map(repr, found.points)) == sorted(map(repr, whole.points))
    assert found.restarts == whole.restarts == [4]


def test_20_000_lengths(file: ScriptedFile) -> None:
    """A long file is read at each length that it ever has: no point is late, none comes twice."""
    records = [version(), *(record(scalar("x", step, step)) for step in range(505))]
    file.script = b"".join(records)
    assert len(file.script) >= 20_000
    scanner, steps, count, end = Scanner(str(file.path)), list[int](), 0, len(records[0])
    with open(file.path, "ab", buffering=0) as out:
        for size in range(1, len(file.script) + 1):
            out.write(file.script[size - 1 : size])
            chunk = scanner.scan()
            if size == end:
                count += 1
                end += len(records[count]) if count < len(records) else 0
            assert chunk.at_end and not chunk.reset and chunk.damage == []
            steps += [step for series in chunk.series for step in series.step.tolist()]
            assert len(steps) == max(count - 1, 0)
    assert steps == list(range(505))


def test_a_record_of_many_megabytes_grows_in_pieces(file: ScriptedFile) -> None:
    noise = os.urandom(9 << 20)
    file.script = version() + record(Event(graph_def=noise)) + record(scalar("x", 1, 2.0))
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    while file.size < len(file.script):
        file.grow(1_000_003)
        read_on(scanner, found)
        assert found.damage == []
    assert found.of("") == [noise] and found.of("x") == [2.0] and found.resets == 0


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, len(DATA)), max_size=8), max_bytes=st.sampled_from([1, 50, 1 << 20]))
def test_any_pieces_give_the_same(file: ScriptedFile, cuts: list[int], max_bytes: int) -> None:
    file.replace(b"")
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    for cut in [*sorted(cuts), len(DATA)]:
        file.grow(cut - file.size)
        read_on(scanner, found, max_bytes)
    assert found.records == len(RECORDS) and found.damage == [] and found.resets == 0
    assert sorted(map(repr, found.points)) == sorted(map(repr, scan_file(file.path).points))


def read_through(file: ScriptedFile) -> tuple[Scanner, Scanned]:
    """A scanner that has read all of the script."""
    file.grow()
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    read_on(scanner, found)
    assert found.records == len(RECORDS)
    return scanner, found


OTHER = version() + b"".join(record(scalar("other", step, step)) for step in range(40))
SHORT = version() + record(scalar("short", 1, 1.0))
SAME_HEAD = DATA[: ENDS[2]] + b"".join(record(scalar("late", step, step)) for step in range(40))


@pytest.mark.parametrize(
    "data", [OTHER, SHORT, SAME_HEAD, DATA + OTHER, b""], ids=["other", "short", "head", "longer", "empty"]
)
@pytest.mark.parametrize("how", ["replace", "rewrite"])
def test_another_file_is_read_anew(file: ScriptedFile, data: bytes, how: str) -> None:
    scanner, found = read_through(file)
    getattr(file, how)(data)
    read_on(scanner, found)
    goes_on = how == "rewrite" and data == DATA + OTHER
    assert found.resets == (0 if goes_on else 1)
    assert sorted(map(repr, found.points)) == sorted(map(repr, scan_file(file.path).points))
    assert found.damage == []


def test_cut_and_grown_again_between_two_looks(file: ScriptedFile) -> None:
    """Record sizes align and the head is the same: only the bytes before our place tell."""
    size = len(record(scalar("x", 200, 1)))
    file.script = version() + b"".join(record(scalar("x", step, step)) for step in range(200, 220))
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    file.grow()
    read_on(scanner, found)
    file.shrink(len(version()) + 10 * size)
    file.append(b"".join(record(scalar("x", step, step)) for step in range(300, 320)))
    read_on(scanner, found)
    assert found.steps("x") == [*range(200, 210), *range(300, 320)] and found.resets == 1


def test_a_tail_that_is_cut_was_never_read(file: ScriptedFile) -> None:
    file.grow(ENDS[5] + 7)
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    read_on(scanner, found)
    file.shrink(ENDS[5])
    read_on(scanner, found)
    assert scanner.pending == 0
    file.grow()
    read_on(scanner, found)
    assert found.records == len(RECORDS) and found.resets == 0 and found.damage == []


def test_a_file_that_goes_and_comes(file: ScriptedFile) -> None:
    scanner, found = read_through(file)
    file.path.unlink()
    for _ in range(2):
        with pytest.raises(FileNotFoundError) as raised:
            scanner.scan()
        assert raised.value.filename == str(file.path)
    file.rewrite(OTHER)
    read_on(scanner, found)
    assert found.resets == 1 and len(found.points) == 40


def test_nothing_new_is_an_empty_chunk(file: ScriptedFile) -> None:
    scanner, _ = read_through(file)
    old = time.time() - 100
    os.utime(file.path, (old, old))
    for _ in range(3):
        chunk = scanner.scan()
        assert chunk.at_end and not chunk.reset and chunk.series == [] and chunk.records == 0
        assert (
            chunk.damage == []
            and chunk.restart_step is None
            and chunk.first_wall_time != chunk.first_wall_time
        )


@pytest.mark.parametrize("first", range(1, len(RECORDS)))
def test_zeros_that_become_data_behind_the_end(file: ScriptedFile, first: int) -> None:
    """A network file system may show a file's new length before its bytes."""
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    at = ENDS[first - 1]
    file.append(DATA[:at])
    read_on(scanner, found)
    file.append(bytes(len(DATA) - at))
    read_on(scanner, found)
    assert found.records == first and found.damage == [] and scanner.pending == len(DATA) - at
    file.put(at, DATA[at:])
    read_on(scanner, found)
    assert found.records == len(RECORDS) and found.damage == [] and scanner.pending == 0


@pytest.mark.parametrize("size", [1, 5, 20, 60, 100])
def test_a_hole_of_zeros_that_becomes_data(file: ScriptedFile, size: int) -> None:
    """Good records stand behind the zeros, so they were given up; then they are there after all."""
    for at in range(ENDS[1], ENDS[6], 3):
        file.rewrite(DATA[:at] + bytes(size) + DATA[at + size :])
        scanner, found = Scanner(str(file.path)), Scanned(file.path)
        read_on(scanner, found)
        file.put(at, DATA[at : at + size])
        read_on(scanner, found)
        assert found.records == len(RECORDS) and found.damage == [], at
        assert sorted(map(repr, found.points)) == sorted(map(repr, scan_file(file.path).points))


def test_zeros_that_become_data_bit_by_bit(file: ScriptedFile) -> None:
    """Blocks arrive in any order, the last first; nothing may be counted twice or stay lost."""
    file.script = version() + b"".join(record(scalar("x", step, step)) for step in range(200))
    file.rewrite(bytes(len(file.script)))
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    block = 512
    for at in [*reversed(range(block, len(file.script), block)), 0]:
        read_on(scanner, found)
        file.put(at, file.script[at : at + block])
    read_on(scanner, found)
    assert found.steps("x") == list(range(200)) and found.damage == [] and scanner.pending == 0


def test_zeros_behind_garbage_become_data_while_the_file_grows(file: ScriptedFile) -> None:
    """The search goes on where it ended, but what has come to stand before that place counts too."""
    first, second = record(scalar("x", 1, 1)), record(scalar("x", 2, 2))
    garbage = b"\xff" * 30
    file.append(version() + garbage + bytes(len(first)))
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    read_on(scanner, found)
    file.put(len(version()) + len(garbage), first)
    file.append(second)
    read_on(scanner, found)
    assert found.steps("x") == [1, 2]
    assert found.damage == [(len(version()), len(garbage), "length-crc")]


def test_a_change_that_the_clock_does_not_show(file: ScriptedFile) -> None:
    """Two writes within one tick of the kernel's clock leave the same times, and here the same size."""
    data = record(scalar("x", 1, 1))
    for _ in range(200):
        file.replace(bytes(len(data)))
        scanner, found = Scanner(str(file.path)), Scanned(file.path)
        read_on(scanner, found)
        file.put(0, data)
        read_on(scanner, found)
        assert found.steps("x") == [1]
