"""Damaged and forged files: all that is good is shown, nothing that was not written, at the cost of what is
there and not of what is claimed.
"""

from __future__ import annotations

import math
import os
import random
import struct
import time
from pathlib import Path

import pytest
from tests.support.scans import (
    GROUP,
    NOT_EVENTS,
    Scanned,
    forged_head,
    good,
    read_on,
    record,
    scalar,
    scan,
    start,
    version,
)
from tests.support.scripted_file import ScriptedFile

from cupola._codec import Scanner


def small_file() -> list[bytes]:
    records = [version()]
    for step in range(92):
        event = scalar("loss", step, 25.0 + step)
        if step % 10 == 0:
            event.summary.value.add(tag="h").histo.bucket.extend([1.0, 2.0])
        records.append(record(event))
    return records


def test_every_single_bit_flip(file: ScriptedFile) -> None:
    """Never a wrong value, never more than the record that was hit."""
    records = small_file()
    data = b"".join(records)
    _, whole = scan(file, data)
    points = {repr(point) for point in whole.points}
    counts = [sum(repr(p) in points for p in scan(file, r)[1].points) for r in records]
    assert len(points) == sum(counts) == 102 and len(data) >= 4096
    ends = [sum(map(len, records[: i + 1])) for i in range(len(records))]
    file.rewrite(data)
    hit = 0
    for at in range(len(data)):
        while at >= ends[hit]:
            hit += 1
        for bit in range(8):
            file.put(at, bytes([data[at] ^ 1 << bit]))
            scanner = Scanner(str(file.path))
            chunk = scanner.scan()
            assert chunk.at_end and chunk.records == len(records) - 1, (at, bit)
            assert len(chunk.damage) + (scanner.pending > 0) == 1
            if bit == at % 8:  # the points of each are compared for one bit a byte, which is enough and quick
                found = [repr(point) for point in read_on(Scanner(str(file.path)), Scanned(file.path)).points]
                assert len(found) == len(points) - counts[hit] and points.issuperset(found), (at, bit)
        file.put(at, data[at : at + 1])


@pytest.mark.parametrize("reason", ["data-crc", "length-crc"])
@pytest.mark.parametrize("hit", range(12))
def test_what_is_skipped_is_told(file: ScriptedFile, hit: int, reason: str) -> None:
    records = [version(), *(record(scalar("x", step, step)) for step in range(11))]
    at = sum(map(len, records[:hit]))
    data = bytearray(b"".join(records))
    data[at + (20 if reason == "data-crc" else 2)] ^= 1
    scanner, found = scan(file, bytes(data))
    is_last_head = hit == 11 and reason == "length-crc"
    assert found.damage == ([] if is_last_head else [(at, len(records[hit]), reason)])
    assert scanner.pending == (len(records[hit]) if is_last_head else 0)


def test_a_block_of_zeros_in_the_middle(file: ScriptedFile) -> None:
    before, after = good(range(10)), good(range(20, 30))
    _, found = scan(file, before + bytes(4096) + after)
    assert found.steps("x") == [*range(10), *range(20, 30)]
    assert found.damage == [(len(before), 4096, "length-crc")]


@pytest.mark.parametrize(
    "tail", [bytes(4096), b"\xff" * 100, b"garbage", forged_head(1 << 31), forged_head(2**64 - 2)]
)
def test_a_tail_that_is_no_record_waits_for_one(file: ScriptedFile, tail: bytes) -> None:
    scanner, found = scan(file, good(range(10)) + tail)
    assert found.steps("x") == list(range(10)) and found.damage == [] and scanner.pending == len(tail)
    file.append(good(range(10, 20)))
    read_on(scanner, found)
    assert found.steps("x") == list(range(20)) and scanner.pending == 0
    assert found.damage == [(len(good(range(10))), len(tail), "length-crc")]


@pytest.mark.parametrize("cut", [1, 8, 12, 13, 30])
def test_a_torn_record_with_good_ones_behind(file: ScriptedFile, cut: int) -> None:
    torn = record(scalar("torn", 1, 1.0))[:cut]
    _, found = scan(file, good(range(5)) + torn + good(range(5, 9)))
    assert found.steps("x") == list(range(9)) and found.of("torn") == []
    assert [(offset, length) for offset, length, _ in found.damage] == [(len(good(range(5))), cut)]


def test_two_bad_records_side_by_side(file: ScriptedFile) -> None:
    bad = bytearray(good(range(2), "bad"))
    bad[20] ^= 1
    bad[-10] ^= 1
    _, found = scan(file, good(range(5)) + bytes(bad) + good(range(5, 9)))
    assert found.steps("x") == list(range(9)) and found.of("bad") == []
    assert found.damage == [(len(good(range(5))), len(bad), "data-crc")]


@pytest.mark.parametrize("payload", NOT_EVENTS)
def test_a_payload_that_is_no_event(file: ScriptedFile, payload: bytes) -> None:
    _, found = scan(file, good(range(3)) + record(payload) + good(range(3, 6)))
    assert found.steps("x") == list(range(6))
    assert found.damage == [(len(good(range(3))), len(payload) + 16, "event")]


def nested(depth: int) -> bytes:
    """An event whose graph-like field is nested so deep that a recursive parser ends in a crash."""
    inner = b""
    for _ in range(depth):
        size, head = len(inner), b"\x0a"
        while size > 0x7F:
            head += bytes([size & 0x7F | 0x80])
            size >>= 7
        inner = head + bytes([size]) + inner
    return inner


@pytest.mark.parametrize("field", [b"\x2a", b"\x22", b"\x42", b"\xa2\x06"])
def test_nesting_costs_nothing(file: ScriptedFile, field: bytes) -> None:
    inner = nested(20_000)
    size, head = len(inner), field
    while size > 0x7F:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    _, found = scan(file, good(range(3)) + record(head + bytes([size]) + inner) + good(range(3, 6)))
    assert found.steps("x") == list(range(6))


def test_a_nan_wall_time_is_a_point(file: ScriptedFile) -> None:
    _, found = scan(file, record(scalar("x", 1, 2.0, math.nan)) + good(range(2, 4)))
    assert found.steps("x") == [1, 2, 3] and math.isnan(found.points[0].wall_time)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


CLAIMS = [2**16, 2**30, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**44, 2**63 - 1, 2**63, 2**64 - 2, 2**64 - 1]


def forged(claim: int) -> list[bytes]:
    """Every length and count in a file, claimed too high under good CRCs."""
    size = varint(claim)
    field = lambda number: bytes([number << 3 | 2])  # noqa: E731
    value = b"\x0a\x01x" + field(8) + size
    summary = field(1) + bytes([len(value)]) + value
    shape = b"\x12" + bytes([len(size) + 1]) + b"\x08" + size
    tensor = b"\x08\x01\x12" + bytes([len(shape)]) + shape + b"\x2a\x04" + struct.pack("<f", 1)
    scalar_value = b"\x0a\x01y\x4a\x02\x20\x01\x42" + bytes([len(tensor)]) + tensor
    scalar_summary = field(1) + bytes([len(scalar_value)]) + scalar_value
    return [
        forged_head(claim % 2**64),
        forged_head(claim % 2**64) + bytes(100),
        *(record(field(number) + size + b"abc") for number in (3, 4, 5, 7, 8, 9, 10)),
        record(field(5) + bytes([len(size) + 1]) + field(1) + size),
        record(field(5) + bytes([len(summary)]) + summary),
        record(field(5) + bytes([len(scalar_summary)]) + scalar_summary),
        record(b"\x10" + size + b"\xff" * 10 + b"\x01"),
    ]


@pytest.mark.parametrize("claim", CLAIMS)
def test_memory_and_time_by_what_is_there(file: ScriptedFile, claim: int) -> None:
    for piece in forged(claim):
        before, began = resident_bytes(), time.process_time()
        _, found = scan(file, good(range(5)) + piece + good(range(5, 9)))
        assert found.steps("x") == list(range(9)), piece
        assert resident_bytes() - before < 64 << 20 and time.process_time() - began < 0.05


@pytest.mark.parametrize("kind", ["payload", "head"])
def test_a_large_hole_takes_no_memory(file: ScriptedFile, kind: str) -> None:
    """A sparse file is as long as it claims, and all zeros."""
    size = 256 << 20
    file.rewrite(good(range(5)) + (forged_head(size) if kind == "payload" else bytes(12)))
    end = file.size + size + 4
    file.shrink(end)
    scanner = Scanner(str(file.path))
    before, found = resident_bytes(), Scanned(file.path)
    read_on(scanner, found, 16 << 20)
    assert found.steps("x") == list(range(5))
    assert resident_bytes() - before < 32 << 20
    assert (found.damage != []) is (kind == "payload")


def test_heads_that_claim_the_rest_of_the_file_again_and_again(file: ScriptedFile) -> None:
    """20 000 heads whose payload is there and does not fit: reading each of them would take minutes."""
    heads = forged_head(30 << 20) * 20_000
    data = good(range(5)) + heads + bytes(31 << 20) + good(range(5, 9))
    began = time.process_time()
    _, found = scan(file, data)
    assert found.steps("x") == list(range(9))
    assert time.process_time() - began < 10


def test_damage_without_end_is_told_in_few_words(file: ScriptedFile) -> None:
    _, found = scan(file, (record(GROUP)) * 50_000 + good(range(3)))
    assert found.steps("x") == [0, 1, 2] and len(found.damage) <= 1001
    assert sum(length for _, length, _ in found.damage) == 50_000 * len(record(GROUP))


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    fifo = tmp_path / "tfevents.fifo"
    os.mkfifo(fifo)
    for path in (fifo, tmp_path, Path("/dev/zero")):
        began = time.monotonic()
        with pytest.raises(OSError, match=str(path)):
            Scanner(str(path)).scan()
        assert time.monotonic() - began < 1
    link = tmp_path / "tfevents.link"
    link.symlink_to(tmp_path / "tfevents.real")
    with pytest.raises(FileNotFoundError):
        Scanner(str(link)).scan()
    (tmp_path / "tfevents.real").write_bytes(good(range(3)))
    assert Scanner(str(link)).scan().records == 3


def test_many_threads_on_one_scanner_do_no_harm(file: ScriptedFile) -> None:
    from concurrent.futures import ThreadPoolExecutor

    file.rewrite(good(range(20_000)))
    scanner = Scanner(str(file.path))
    with ThreadPoolExecutor(8) as pool:
        chunks = list(pool.map(lambda _: scanner.scan(10_000), range(300)))
    assert sum(chunk.records for chunk in chunks) == 20_000


def test_a_restart_behind_damage(file: ScriptedFile) -> None:
    _, found = scan(file, good(range(5)) + bytes(50) + record(start(3)) + good(range(3, 6)))
    assert found.restarts == [3] and found.steps("x") == [0, 1, 2, 3, 4, 3, 4, 5]


def test_random_damage_all_over(file: ScriptedFile) -> None:
    """A hundred files with a hundred bytes changed each: no wrong point, and no more lost than were hit."""
    rng = random.Random(5)
    data = version() + good(range(2000))
    _, whole = scan(file, data)
    points = {repr(point) for point in whole.points}
    for _ in range(100):
        bad = bytearray(data)
        for _ in range(100):
            bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        _, found = scan(file, bytes(bad))
        assert points.issuperset(repr(point) for point in found.points)
        assert len(found.points) >= 1900
