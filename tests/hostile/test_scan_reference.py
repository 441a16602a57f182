"""Damaged and arbitrary bytes, read as an independent reference and protobuf read them."""

from __future__ import annotations

import struct
from collections import Counter
from typing import NamedTuple

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto.event_pb2 import Event
from tests.support.crc import masked_crc32c
from tests.support.scans import (
    NOT_EVENTS,
    Scanned,
    forged_head,
    good,
    read_on,
    record,
    scalar,
    scan_file,
)
from tests.support.scripted_file import ScriptedFile

from cupola._codec import Scanner


class Reference(NamedTuple):
    events: list[Event]
    damage: list[tuple[int, int, str]]
    offset: int


def by_reference(data: bytes) -> Reference:
    """The rules of docs/event_file.md, one after the other and without a thought for speed."""

    def frame(at: int) -> tuple[str, int]:
        """(what stands at a place, where it ends)."""
        if len(data) - at < 12:
            return "cut", at
        (length,) = struct.unpack_from("<Q", data, at)
        if length >= 1 << 31 or struct.unpack_from("<I", data, at + 8)[0] != masked_crc32c(data[at : at + 8]):
            return "bad length", at
        end = at + length + 16
        if end > len(data):
            return "cut", at
        fits = struct.unpack_from("<I", data, end - 4)[0] == masked_crc32c(data[at + 12 : end - 4])
        return ("whole" if fits else "bad payload"), end

    def is_event(at: int, end: int) -> bool:
        return data[at + 12 : end - 4] not in NOT_EVENTS

    events, damage, at = [], [], 0
    while len(data) - at >= 12:
        kind, end = frame(at)
        if kind == "whole":
            if is_event(at, end):
                events.append(Event.FromString(data[at + 12 : end - 4]))
            else:
                damage.append((at, end - at, "event"))
            at = end
            continue
        if kind == "bad payload" and (
            end == len(data) or frame(end)[0] == "whole" or (frame(end)[0] == "cut" and len(data) - end >= 12)
        ):
            damage.append((at, end - at, "data-crc"))
            at = end
            continue
        for place in range(at + 1, len(data) - 11):
            there, there_end = frame(place)
            if there == "whole" and (kind != "cut" or is_event(place, there_end)):
                break
        else:
            break
        damage.append((at, place - at, "length-crc" if kind == "bad length" else "data-crc"))
        at = place
    return Reference(events, damage, at)


RECORDS = st.builds(
    lambda step, tag: record(scalar(tag, step, step)), st.integers(0, 99), st.sampled_from("ab")
)
DAMAGED = st.builds(
    lambda data, at, bit: (
        data[: at % len(data)] + bytes([data[at % len(data)] ^ 1 << bit]) + data[at % len(data) + 1 :]
    ),
    RECORDS,
    st.integers(0, 100),
    st.integers(0, 7),
)
TORN = st.builds(lambda data, at: data[: at % len(data)], RECORDS, st.integers(0, 100))
PIECES = st.one_of(
    RECORDS,
    RECORDS,
    DAMAGED,
    TORN,
    st.integers(0, 80).map(bytes),
    st.binary(max_size=40),
    st.sampled_from(NOT_EVENTS).map(record),
    st.sampled_from([0, 5, 100, 2**31 - 1, 2**31, 2**44, 2**64 - 2]).map(forged_head),
    st.just(record(b"")),
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(pieces=st.lists(PIECES, max_size=12), max_bytes=st.sampled_from([1, 64, 1 << 20]))
@example(pieces=[forged_head(60), good(range(1)), good(range(1))], max_bytes=1)
def test_as_the_reference_reads(file: ScriptedFile, pieces: list[bytes], max_bytes: int) -> None:
    data = b"".join(pieces)
    file.replace(data)
    scanner = Scanner(str(file.path))
    found, wanted = read_on(scanner, Scanned(file.path), max_bytes), by_reference(data)
    points = [(v.tag, v.simple_value, e.step) for e in wanted.events for v in e.summary.value]
    assert sorted((point.tag, point.value, point.step) for point in found.points) == sorted(points)
    assert found.records == len(wanted.events) and found.damage == wanted.damage
    assert scanner.offset == wanted.offset and scanner.pending == len(data) - wanted.offset


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(pieces=st.lists(PIECES, max_size=8), cuts=st.lists(st.integers(0, 600), max_size=6))
def test_growing_in_pieces_invents_nothing(file: ScriptedFile, pieces: list[bytes], cuts: list[int]) -> None:
    """As long as nothing was given up on the way, the end is as if the whole had been read at once."""
    data = b"".join(pieces)
    file.replace(b"")
    file.script = data
    scanner, found = Scanner(str(file.path)), Scanned(file.path)
    for cut in sorted(cuts):
        file.grow(max(0, cut - file.size))
        read_on(scanner, found)
    is_sound = found.damage == []
    file.grow()
    read_on(scanner, found)
    whole = scan_file(file.path)
    if is_sound:
        assert sorted(map(repr, found.points)) == sorted(map(repr, whole.points))
        assert found.damage == whole.damage
    written = Counter(piece for piece in pieces if read_events(piece))
    for point in found.points:
        assert isinstance(point.value, float) and written[record(scalar(point.tag, point.step, point.value))]


def read_events(piece: bytes) -> list[Event]:
    """The event of a piece that is one good record."""
    events, _, offset = by_reference(piece)
    return events if offset == len(piece) else []


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=400))
def test_arbitrary_bytes(file: ScriptedFile, data: bytes) -> None:
    file.replace(data)
    assert scan_file(file.path).points == []


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(payload=st.binary(max_size=120))
def test_arbitrary_payloads(file: ScriptedFile, payload: bytes) -> None:
    """Whatever one record holds, those around it are read."""
    file.replace(good(range(2), "around") + record(payload) + good(range(2, 4), "around"))
    assert scan_file(file.path).of("around") == [0.0, 1.0, 2.0, 3.0]


@st.composite
def mutated_events(draw: st.DrawFn) -> bytes:
    """Bytes of an event with a few of them changed, taken out or put in: mostly still messages, often odd."""
    event = scalar(draw(st.text(max_size=5)), draw(st.integers(-9, 9)), draw(st.floats(width=32)))
    tensor = event.summary.value.add(tag="t").tensor
    tensor.dtype = draw(st.sampled_from([1, 2, 3, 7, 9]))
    tensor.float_val.extend(draw(st.lists(st.floats(width=32), max_size=2)))
    if draw(st.booleans()):
        event.summary.value[1].metadata.data_class = draw(st.integers(0, 3))
    event.summary.value.add(tag="h").histo.bucket.append(1.0)
    data = bytearray(event.SerializeToString())
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data) - 1))
        match draw(st.sampled_from(["set", "drop", "put"])):
            case "set":
                data[at] = draw(st.integers(0, 255))
            case "drop" if len(data) > 1:
                del data[at]
            case "put":
                data.insert(at, draw(st.integers(0, 255)))
    return bytes(data)


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(payload=mutated_events())
def test_what_protobuf_reads_we_read_as_it_does(file: ScriptedFile, payload: bytes) -> None:
    file.replace(record(payload))
    found = scan_file(file.path)
    try:
        event = Event.FromString(payload)
    except Exception:  # the runtime's DecodeError: we may still show what is whole
        return
    assert not any(reason == "event" for _, _, reason in found.damage)
    simple = [p for p in found.points if p.form == 2]
    wanted = [v for v in event.summary.value if v.WhichOneof("value") == "simple_value"]
    assert len(simple) == len(wanted)
    for point in simple:
        assert point.step == event.step
        assert repr(point.wall_time) == repr(event.wall_time)
        assert (point.tag, repr(point.value)) in [
            (v.tag or v.node_name, repr(v.simple_value)) for v in wanted
        ]
    histograms = [p for p in found.points if p.form == 5]
    assert len(histograms) == sum(v.WhichOneof("value") == "histo" for v in event.summary.value)
