"""How runs are doing, as the catalog and `GET /api/runs` say."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tests.support.encoded import summary
from tests.support.log import read
from tests.support.log_file import WALL_TIME, LogFile, record, scalar
from tests.support.server import Client, client

from cupola.plugins.hparams import SESSION_END, encode
from cupola.server.run_states import END_SLACK_S, GROWING_S


def session_end(wall_time: float) -> bytes:
    values = [value for value in summary(encode.hparams({"lr": 0.1}, {})).value if value.tag == SESSION_END]
    return record(Event(wall_time=wall_time, summary=Summary(value=values)))


def states(asked: Client) -> dict[str, str]:
    return {entry["run"]: entry["state"] for entry in asked.get("/api/catalog").json()["runs"]}


def age(file: LogFile, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(file.path, (then, then))


@pytest.mark.parametrize(
    ("records", "age_s", "state"),
    [
        ([scalar("x", 1, 1.0)], 1, "growing"),
        ([scalar("x", 1, 1.0)], GROWING_S + 5, "silent"),
        ([], GROWING_S + 5, "silent"),
        ([scalar("x", 1, 1.0), session_end(WALL_TIME + 1)], 1, "finished"),
        ([scalar("x", 1, 1.0), session_end(WALL_TIME + 1)], GROWING_S + 5, "finished"),
        # torch writes the end first, then the metrics.
        ([session_end(WALL_TIME), scalar("x", 1, 1.0)], 1, "finished"),
        # An end at the start of a run that goes on is none.
        ([session_end(WALL_TIME), scalar("x", int(END_SLACK_S) + 1, 1.0)], 1, "growing"),
        ([session_end(WALL_TIME), scalar("x", int(END_SLACK_S) + 1, 1.0)], GROWING_S + 5, "silent"),
        # The last end counts.
        ([session_end(WALL_TIME), scalar("x", 99, 1.0), session_end(WALL_TIME + 99)], 1, "finished"),
        ([scalar("x", 1, 1.0, wall_time=float("nan"))], 1, "growing"),
    ],
)
def test_a_state_is_decided_on_evidence(tmp_path: Path, records: list[bytes], age_s: float, state: str):
    age(LogFile(tmp_path / "run").write(*records), age_s)
    assert states(client(read(tmp_path))) == {"run": state}


def test_a_clock_that_is_ahead_does_not_keep_a_run_growing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    age(LogFile(tmp_path / "run").points("x", [1]), -3600)
    asked = client(read(tmp_path))
    assert states(asked) == {"run": "growing"}
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + GROWING_S + 1)
    assert states(asked) == {"run": "silent"}, "the document is made anew though nothing in the log changed"


def test_the_catalog_tells_what_is_known_of_a_run(tmp_path: Path):
    file = LogFile(tmp_path / "run").points("x", [1, 2, 3])
    file.write(scalar("y", 4, float("nan")), scalar("y", 5, float("inf")))
    (entry,) = client(read(tmp_path)).get("/api/catalog").json()["runs"]
    assert entry["points"] == 5 and entry["last_wall_time"] == WALL_TIME + 5
    assert entry["diverged"] == {"tag": "y", "step": 4} and entry["damage"] == []
    assert entry["bytes"] == file.path.stat().st_size and abs(entry["last_growth"] - time.time()) < 60


def test_what_grew_since_is_asked_for_alone(tmp_path: Path):
    old, new = (LogFile(tmp_path / name).points("x", [1]) for name in ("old", "new"))
    age(old, 10 * GROWING_S)
    provider = read(tmp_path)
    asked = client(provider)

    def grown(since: float) -> dict[str, dict[str, Any]]:
        answer = asked.get("/api/runs", params={"since": since}).json()
        assert abs(answer["now"] - time.time()) < 60
        return {entry["run"]: entry for entry in answer["runs"]}

    now = asked.get("/api/catalog").json()["now"]
    assert set(grown(0)) == {"old", "new"} and set(grown(now + 60)) == set()
    assert set(grown(now - 60)) == {"new"}
    # A run that fell silent in between is told too.
    assert set(grown(now - 9.5 * GROWING_S)) == {"old", "new"}
    new.points("x", [2])
    provider.poll()
    assert grown(now)["new"]["points"] == 2


@pytest.mark.parametrize("since", ["x", "nan", "inf", ""])
def test_what_is_no_time_is_refused(tmp_path: Path, since: str):
    assert client(read(tmp_path)).get("/api/runs", params={"since": since}).status_code == 400
