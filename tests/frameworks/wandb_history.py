"""The history in the files of W&B's offline runs."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

BLOCK = 32768
FULL, LAST = 1, 4


def history(root: Path) -> list[dict[str, str]]:
    """Its rows, values as JSON, without W&B's own steps and times."""
    from wandb.proto.wandb_internal_pb2 import Record

    rows = []
    for path in sorted(root.glob("wandb/offline-run*/*.wandb")):
        for data in _leveldb_records(path.read_bytes(), start=7):
            items = Record.FromString(data).history.item
            row = {item.key or "/".join(item.nested_key): item.value_json for item in items}
            rows.append({key: value for key, value in row.items() if not key.startswith("_")})
    return [row for row in rows if row]


def _leveldb_records(data: bytes, start: int) -> Iterator[bytes]:
    """Source: https://github.com/google/leveldb/blob/main/doc/log_format.md"""
    at, whole = start, b""
    while at + 7 <= len(data):
        _, size, kind = struct.unpack_from("<IHB", data, at)
        if BLOCK - at % BLOCK < 7 or kind == 0:
            at += BLOCK - at % BLOCK
            continue
        whole, at = whole + data[at + 7 : at + 7 + size], at + 7 + size
        if kind in (FULL, LAST):
            yield whole
            whole = b""
