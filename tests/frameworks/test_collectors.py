"""What services collect of a program that logs by torch's writer they collect of one that logs by cupola."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.frameworks.catalog import HERE, TRACKERS, Framework

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(600)]


def collect(tracker: Framework, root: Path, *compat: str) -> Any:
    root.mkdir()
    program = HERE / "collectors" / f"collect_{tracker.name}.py"
    command = [sys.executable, *compat, str(program), str(root)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stderr
    written = root / "collected.json"
    return json.loads(written.read_text()) if written.exists() else _wandb_history(root)


def _wandb_history(root: Path) -> list[dict[str, str]]:
    """The rows of the history in the file of an offline run, without times."""
    from wandb.proto.wandb_internal_pb2 import Record  # type: ignore[import-not-found]

    rows = []
    for path in root.glob("wandb/offline-run*/*.wandb"):
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
        if 32768 - at % 32768 < 7 or kind == 0:
            at += 32768 - at % 32768
            continue
        whole, at = whole + data[at + 7 : at + 7 + size], at + 7 + size
        if kind in (1, 4):  # whole, or the last part
            yield whole
            whole = b""


@pytest.mark.parametrize("tracker", TRACKERS, ids=lambda tracker: tracker.name)
def test_collectors_hear_what_they_hear_of_torch(tmp_path: Path, tracker: Framework) -> None:
    tracker.require()
    of_torch = collect(tracker, tmp_path / "torch")
    of_cupola = collect(tracker, tmp_path / "cupola", "-m", "cupola.compat")
    assert of_cupola == of_torch
    assert "loss" in json.dumps(of_torch) and "0.25" in json.dumps(of_torch)
    assert os.listdir(tmp_path / "cupola" / "log")  # noqa: PTH208
