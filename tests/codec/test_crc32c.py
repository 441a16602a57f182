"""CRC-32C against a table written down here, RFC 3720's examples and TensorBoard's own."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c as tensorboard_masked_crc32c
from tensorboard.summary.writer.record_writer import RecordWriter
from tests.support.crc import masked_crc32c

from cupola import _codec

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def by_table(data: bytes, crc: int = 0) -> int:
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


BOTH = pytest.mark.parametrize("crc32c", [_codec.crc32c, _codec.crc32c_portable], ids=["chosen", "portable"])


@BOTH
@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),  # RFC 3720, B.4, and the next two
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
)
def test_known_values(crc32c: Any, data: bytes, wanted: int) -> None:
    assert crc32c(data) == wanted == by_table(data)


@BOTH
def test_every_length_and_alignment_around_the_streams(crc32c: Any) -> None:
    data = random.Random(1).randbytes(4096)
    view = memoryview(data)
    lengths = [
        *range(40),
        *range(250, 264),
        *range(505, 520),
        *range(760, 790),
        *range(1530, 1545),
        2303,
        2304,
        4000,
    ]
    for length in lengths:
        for at in (0, 1, 3, 7, 8):
            assert crc32c(view[at : at + length]) == by_table(data[at : at + length]), (length, at)


@BOTH
@given(data=st.binary(max_size=3000), cut=st.integers(0, 3000))
def test_going_on(crc32c: Any, data: bytes, cut: int) -> None:
    assert crc32c(data[cut:], crc32c(data[:cut])) == crc32c(data) == by_table(data)


def test_large_input_is_the_same_both_ways() -> None:
    data = random.Random(2).randbytes(3_000_017)
    assert _codec.crc32c(data) == _codec.crc32c_portable(data)


@given(st.binary(max_size=200))
def test_mask_is_tensorboards(data: bytes) -> None:
    assert _codec.masked_crc32c(data) == tensorboard_masked_crc32c(data) == masked_crc32c(data)


@given(st.binary(max_size=200))
def test_frame_is_tensorboards(payload: bytes) -> None:
    out = io.BytesIO()
    RecordWriter(out).write(payload)
    assert _codec.frame(payload) == out.getvalue()


@pytest.mark.parametrize("data", [bytearray(b"123456789"), memoryview(b"0123456789")[1:]])
def test_any_buffer_is_taken(data: Any) -> None:
    assert _codec.crc32c(data) == 0xE3069283


@pytest.mark.parametrize("bad", ["text", None, 3, memoryview(b"123456789")[::2]])
def test_what_is_no_buffer_is_refused(bad: Any) -> None:
    with pytest.raises((TypeError, BufferError)):
        _codec.crc32c(bad)


def test_the_cpus_instruction_is_used_where_there_is_one() -> None:
    cpu = Path("/proc/cpuinfo")
    flags = cpu.read_text().split() if cpu.exists() else []
    if "sse4_2" in flags:
        assert _codec.CRC_IMPLEMENTATION == "sse4.2"
    elif "crc32" in flags:
        assert _codec.CRC_IMPLEMENTATION == "armv8"
    else:
        assert _codec.CRC_IMPLEMENTATION in ("sse4.2", "armv8", "portable")
