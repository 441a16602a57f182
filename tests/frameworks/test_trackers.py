"""Frameworks that keep a run in trackers beside TensorBoard's files: those receive the same with cupola."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.frameworks.catalog import FRAMEWORKS, HERE, TRACKERS, Framework
from tests.frameworks.compare import assert_alike
from tests.frameworks.drive import COMPAT, drive
from tests.frameworks.received import assert_received_alike

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the trackers' own clients
]

TRACKED = [one for one in FRAMEWORKS if (HERE / "programs" / f"{one.name}_trackers.py").exists()]


@pytest.mark.parametrize("framework", TRACKED, ids=lambda framework: framework.name)
def test_mlflow_and_wandb_keep_what_they_keep_with_a_peer(framework: Framework, tmp_path: Path) -> None:
    trackers = [tracker for tracker in TRACKERS if tracker.name in ("mlflow", "wandb")]
    for needed in (framework, *trackers):
        needed.require()
    program = (HERE / "programs" / f"{framework.name}_trackers.py").read_text("utf-8")
    peer, ours = drive(program, tmp_path / "peer"), drive(program, tmp_path / "cupola", COMPAT)
    assert_alike(framework, peer, ours)
    for tracker in trackers:
        assert_received_alike(tracker, peer.parent, ours.parent, framework.durations)
