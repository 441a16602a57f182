"""What the trackers kept of a run, offline: read by their own clients from the directory that it ran in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.frameworks.catalog import Framework
from tests.frameworks.wandb_history import history

Received = dict[str, list[Any]]
"""What there is of each metric or parameter, in an order that does not depend on when it arrived."""


def by_clearml(folder: Path) -> Received:
    """Step and value of what an offline task reported."""
    received: Received = {}
    for path in folder.rglob("metrics.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            for event in json.loads(line):
                if event["type"] == "training_stats_scalar" and event["metric"] != ":monitor:machine":
                    key = f"{event['metric']}/{event['variant']}"
                    received.setdefault(key, []).append((event["iter"], event["value"]))
    return _ordered(received)


def by_mlflow(folder: Path) -> Received:
    """Step and value of the metrics of all runs in `folder/mlflow.db`, and their parameters."""
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{folder}/mlflow.db")
    received: Received = {}
    for run in client.search_runs([one.experiment_id for one in client.search_experiments()]):
        for key, value in run.data.params.items():
            received.setdefault(f"parameter {key}", []).append(value)
        for key in run.data.metrics:
            history = client.get_metric_history(run.info.run_id, key)
            received.setdefault(key, []).extend((one.step, one.value) for one in history)
    return _ordered(received)


def by_wandb(folder: Path) -> Received:
    """The history of all offline runs below `folder/wandb`, without steps: W&B's own tell when a row came.

    Of pictures what they are, not in which bytes or under which random name.
    """
    received: Received = {}
    for row in history(folder):
        for key, value in row.items():
            if not key.endswith(("/filenames", "/sha256", "/size", "/path")):
                received.setdefault(key, []).append(json.loads(value))
    return _ordered(received)


def _ordered(received: Received) -> Received:
    return {key: sorted(values, key=repr) for key, values in sorted(received.items())}


READERS: dict[str, Callable[[Path], Received]] = {
    "clearml": by_clearml,
    "mlflow": by_mlflow,
    "wandb": by_wandb,
}


def assert_received_alike(tracker: Framework, peer: Path, ours: Path, durations: str = "") -> None:
    """An AssertionError that names the tracker, its version and what it got from one of the writers only.

    Of what matches `durations` only the number of points is compared.
    """
    wanted, found = (READERS[tracker.name](folder) for folder in (peer, ours))
    assert wanted, f"{tracker.package} {tracker.version} kept nothing that the peer logged"
    told = []
    for key in sorted(wanted.keys() | found.keys()):
        a, b = wanted.get(key, []), found.get(key, [])
        is_duration = durations != "" and re.search(durations, key) is not None
        if (len(a) != len(b)) if is_duration else (a != b):
            told.append(f"{key!r}: {str(a)[:200]} from the peer, {str(b)[:200]} from cupola")
    shown = "\n".join(told)
    assert not told, f"{tracker.package} {tracker.version} received otherwise:\n{shown}"
