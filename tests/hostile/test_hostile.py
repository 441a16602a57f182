"""Every hostile log directory beside a healthy run: what must be shown is shown, nothing else is, and the
healthy run goes on.
"""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.hostile.cases import ALL, CASES, Stage
from tests.support.log import read, steps
from tests.support.log_file import LogFile
from tests.support.server import client

from cupola.index.local import LocalProvider
from cupola.types import DataClass


def check(provider: LocalProvider, stage: Stage) -> None:
    scalars = {
        info.key.tag: provider.scalars(info.key)
        for info in provider.series("scalars")
        if info.key.run == "bad" and info.data_class is DataClass.SCALAR
    }
    few = {tag: columns for tag, columns in scalars.items() if tag in stage.shown or len(scalars) < 100}
    assert {tag: columns.step.tolist() for tag, columns in few.items()} == stage.shown
    for columns in few.values():
        assert all(
            value == float(step) or value == 1.0 or abs(step) > 2**53
            for step, value in zip(columns.step, columns.value, strict=True)
        )
    listed = {(info.key.plugin, info.key.tag) for info in provider.series() if info.key.run == "bad"}
    assert stage.series <= listed
    reasons = {
        entry.reason.partition(":")[0] for run in provider.runs() if run.name == "bad" for entry in run.damage
    }
    if stage.damage is not None:
        assert reasons == ({stage.damage} if stage.damage else set())


@pytest.mark.parametrize("name", CASES)
def test_what_can_be_shown_is_shown_and_others_go_on(tmp_path: Path, name: str):
    healthy = LogFile(tmp_path / "healthy").points("x", ALL)
    provider = None
    for number, stage in enumerate(CASES[name]):
        stage.build(tmp_path)
        healthy.points("x", [10 + number])
        began, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if provider is None:
            provider = read(tmp_path)
        else:
            provider.poll()
        assert time.process_time() - began < 0.5
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 64 << 10
        assert steps(provider, "healthy", "x") == [*ALL, *range(10, 11 + number)]
        check(provider, stage)
        check(read(tmp_path), stage)  # whoever comes now sees the same
        asked = client(provider)
        document = asked.get("/api/catalog").json()
        assert [run["damage"] for run in document["runs"] if run["run"] == "healthy"] == [[]]
        json.dumps(document, allow_nan=False)


@pytest.mark.parametrize("name", [name for name in CASES if any(stage.series for stage in CASES[name])])
def test_rooms_answer_for_damaged_values(tmp_path: Path, name: str):
    for stage in CASES[name]:
        stage.build(tmp_path)
    provider = read(tmp_path)
    asked = client(provider)
    for info in provider.series():
        room, tag = info.key.plugin, info.key.tag
        for path in ("points", "data", "steps", "last", "search", "graph"):
            for answer in (
                asked.get(
                    f"/api/{quote(room[:100], safe='')}/{path}",
                    params={"run": "bad", "tag": tag[:1000], "start": 0, "count": 5},
                ),
                asked.post(
                    f"/api/{quote(room[:100], safe='')}/{path}", {"tag": tag, "runs": ["bad"], "query": "x"}
                ),
            ):
                assert answer.status_code < 500, (room, path, answer.text)


def test_there_are_many_cases():
    assert len(CASES) >= 40
