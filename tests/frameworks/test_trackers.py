"""Frameworks that keep a run in trackers beside TensorBoard's files: those receive the same with cupola."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.frameworks.catalog import FRAMEWORKS, HERE, TRACKERS
from tests.frameworks.compare import assert_alike
from tests.frameworks.drive import COMPAT, drive
from tests.frameworks.received import assert_received_alike

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the trackers' own clients
]

FLUSH = "\nimport mlflow\n\nmlflow.flush_async_logging()\n"
"""What is logged last may else be lost at the program's end, with either writer."""
BY_NAME = {one.name: one for one in FRAMEWORKS}
PROGRAMS = {
    "lightning": (HERE / "programs" / "lightning_trackers.py").read_text("utf-8"),
    "transformers": BY_NAME["transformers"].program.replace(
        'report_to="tensorboard"', 'report_to=["tensorboard", "mlflow", "wandb"]'
    )
    + FLUSH,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_mlflow_and_wandb_keep_what_they_keep_with_a_peer(name: str, tmp_path: Path) -> None:
    framework, program = BY_NAME[name], PROGRAMS[name]
    assert "wandb" in program and "mlflow" in program
    trackers = [tracker for tracker in TRACKERS if tracker.name in ("mlflow", "wandb")]
    for needed in (framework, *trackers):
        needed.require()
    peer, ours = drive(program, tmp_path / "peer"), drive(program, tmp_path / "cupola", COMPAT)
    assert_alike(framework, peer, ours)
    for tracker in trackers:
        assert_received_alike(tracker, peer.parent, ours.parent, framework.durations)
