"""What services collect of a program that logs by torch's writer they collect of one that logs by cupola."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.frameworks.catalog import HERE, TRACKERS, Framework
from tests.frameworks.wandb_history import history

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(600)]


def collect(tracker: Framework, root: Path, *compat: str) -> Any:
    root.mkdir()
    program = HERE / "collectors" / f"collect_{tracker.name}.py"
    command = [sys.executable, *compat, str(program), str(root)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stderr
    written = root / "collected.json"
    return json.loads(written.read_text()) if written.exists() else history(root)


@pytest.mark.parametrize("tracker", TRACKERS, ids=lambda tracker: tracker.name)
def test_collectors_hear_what_they_hear_of_torch(tmp_path: Path, tracker: Framework) -> None:
    tracker.require()
    of_torch = collect(tracker, tmp_path / "torch")
    of_cupola = collect(tracker, tmp_path / "cupola", "-m", "cupola.compat")
    assert of_cupola == of_torch
    assert "loss" in json.dumps(of_torch) and "0.25" in json.dumps(of_torch)
    assert os.listdir(tmp_path / "cupola" / "log")  # noqa: PTH208
