"""Layouts as jobs: processes of their own, watched, paused, cancelled, killed, that end with the server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.room_client import RoomClient

from cupola.columns import decode_columns
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.plugins.projector import api
from cupola.plugins.projector.encode import embedding
from cupola.plugins.projector.layouts import jobs as jobs_module
from cupola.plugins.projector.layouts.job import Job
from cupola.plugins.projector.layouts.jobs import Jobs, TooManyJobs
from cupola.plugins.projector.layouts.parameters import parse

MATRIX = np.random.default_rng(0).normal(size=(400, 8)).astype(np.float32)
ENDLESS = parse("tsne", {"iterations": "100000"})
SHORT = parse("tsne", {"iterations": "20"})


def read() -> Any:
    return MATRIX, None


def until(what: Callable[[], Any], wait_s: float = 60) -> Any:
    deadline = time.monotonic() + wait_s
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    for job in made._jobs.values():
        job.cancel()


def iteration(job: Job) -> int:
    return int(job.said.get("iteration") or 0)


def state(job: Job) -> str:
    return job.state


def alive(pid: int) -> bool:
    """Neither gone nor a zombie that nobody waits for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_layout_is_computed_once_and_kept(jobs: Jobs) -> None:
    job = jobs.start("a", SHORT, read)
    assert jobs.start("a", SHORT, read) is job
    until(lambda: job.state == "done")
    assert [column.shape for column in job.coordinates] == [(400,), (400,)]
    assert job.rows is None
    assert job.said["iteration"] == job.said["of"] == 20
    assert 0.4 < job.said["quality"]["trustworthiness"] <= 1
    assert jobs.start("a", SHORT, read) is job, "done is done"


def test_it_waits_where_it_is_paused_and_goes_on(jobs: Jobs) -> None:
    job = jobs.start("a", ENDLESS, read)
    until(lambda: iteration(job) > 5)
    job.pause()
    seen = until(lambda: (first := iteration(job), time.sleep(0.5)) and iteration(job) == first and first)
    assert state(job) == "paused"
    job.perturb()
    job.resume()
    until(lambda: iteration(job) > seen)
    assert state(job) == "running"
    job.cancel()
    until(lambda: job._process and job._process.poll() is not None)
    assert job.state == "cancelled"
    assert jobs.start("a", ENDLESS, read) is not job, "what was cancelled may be started again"


def test_a_process_that_is_killed_is_said_to_be(jobs: Jobs) -> None:
    job = jobs.start("a", ENDLESS, read)
    until(lambda: iteration(job) > 1)
    assert job._process
    job._process.send_signal(signal.SIGKILL)
    until(lambda: job.state == "failed")
    assert "SIGKILL" in job.error
    assert "memory" in job.error


@pytest.mark.parametrize(
    "matrix", [np.full((9, 3), np.nan, "f4"), np.zeros((3, 3), "f4"), np.zeros((0, 3), "f4")]
)
def test_a_matrix_without_a_layout_fails_with_the_reason(jobs: Jobs, matrix: Any) -> None:
    job = jobs.start("a", SHORT, lambda: (matrix, None))
    until(lambda: job.state == "failed")
    assert "at least 4" in job.error


def test_a_file_that_is_gone_fails_with_the_reason(jobs: Jobs) -> None:
    def gone() -> Any:
        raise FileNotFoundError("tensors.bytes is gone")

    job = jobs.start("a", SHORT, gone)
    until(lambda: job.state == "failed")
    assert "tensors.bytes is gone" in job.error


def test_what_nobody_asks_about_is_cancelled() -> None:
    jobs = Jobs(grace_s=0.3)
    left, watched = jobs.start("a", ENDLESS, read), jobs.start("b", ENDLESS, read)
    until(lambda: jobs.find("b") and left.state == "cancelled")
    assert watched.state == "running"
    watched.cancel()


def test_few_run_at_once_others_wait_their_turn(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "MOST_RUNNING", 1)
    monkeypatch.setattr(jobs_module, "MOST_WAITING", 1)
    first, second = jobs.start("a", ENDLESS, read), jobs.start("b", SHORT, read)
    until(lambda: first.state == "running")
    assert second.state == "queued"
    with pytest.raises(TooManyJobs):
        jobs.start("c", SHORT, read)
    first.pause()  # holds no place
    until(lambda: second.state == "done")


def test_old_layouts_make_room(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "CACHE_BYTES", 5000)
    for name in "ab":
        job = jobs.start(name, SHORT, read)
        until(lambda job=job: job.state == "done")  # type: ignore[misc]
    until(lambda: jobs.start("c", SHORT, read).state == "done")
    until(lambda: jobs._watching is None)
    assert jobs.find("c")
    assert jobs.find("a") is None


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")
def test_the_process_ends_with_the_server_however_that_ends() -> None:
    program = (
        "import time\n"
        "from tests.plugins.test_projector_jobs import ENDLESS, Jobs, iteration, read, until\n"
        "jobs = Jobs(); job = jobs.start('a', ENDLESS, read)\n"
        "until(lambda: iteration(job) > 1); print(job._process.pid, flush=True); time.sleep(600)\n"
    )
    server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=_path())
    assert server.stdout
    pid = int(server.stdout.readline())
    assert alive(pid)
    server.kill()
    server.wait()
    server.stdout.close()
    until(lambda: not alive(pid), wait_s=20)


def test_nothing_is_left_in_the_temporary_folder(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    job = jobs.start("a", ENDLESS, read)
    until(lambda: iteration(job) > 1)
    job.cancel()
    until(lambda: not list(tmp_path.iterdir()))


def _path() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


# -- over HTTP ---------------------------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path: Path) -> Iterator[RoomClient]:
    rows = [("odd" if at % 2 else "even", f"name {at}") for at in range(400)]
    embedding(MATRIX, rows, None, 0, "points", ["parity", "name"]).write(tmp_path / "run")
    provider = LocalProvider(tmp_path, plugins().values())
    provider.poll()
    client = RoomClient(api, provider)
    yield client
    with contextlib.suppress(KeyError):
        client.post("/layouts/control", {"id": ask(client)["id"], "action": "cancel"})


ASKED = {"run": "run", "name": "points:00000", "method": "tsne"}


def ask(room: RoomClient, **texts: str) -> Any:
    return room.get("/layouts", ASKED | texts).json()


def frame(room: RoomClient, job: str, after: int = -1) -> Any:
    answer = room.get(f"/layouts/{job}/frames", {"after": after})
    assert answer.status_code == 200, answer.text
    return decode_columns(answer.content)


def test_asking_starts_nothing(room: RoomClient) -> None:
    plan = ask(room)
    assert plan["state"] == "absent"
    assert plan["parameters"]["perplexity"] == 30
    assert plan["estimate"]["duration_s"] > 0
    assert room.get(f"/layouts/{plan['id']}/frames", {}).status_code == 404
    assert ask(room)["id"] == plan["id"] != ask(room, seed="1")["id"]


def test_frames_come_until_the_last(room: RoomClient) -> None:
    plan = room.post("/layouts", ASKED | {"parameters": {"iterations": 30, "dimensions": 3}}).json()
    assert plan["parameters"]["dimensions"] == 3
    news = -1
    seen: list[Any] = []
    while not seen or seen[-1]["state"] not in ("done", "failed", "cancelled"):
        seen.append(frame(room, plan["id"], news))
        assert seen[-1]["news"] > news
        news = seen[-1]["news"]
    assert seen[-1]["state"] == "done", seen[-1]["error"]
    assert len(seen[-1]["coordinates"]) == 3
    assert seen[-1]["iteration"] == 30
    assert seen[-1]["loss"] > 0
    assert ask(room, iterations="30", dimensions="3")["state"] == "done"


def test_it_is_controlled_over_http(room: RoomClient) -> None:
    plan = room.post("/layouts", ASKED | {"parameters": {"iterations": 100_000}}).json()
    until(lambda: (frame(room, plan["id"]).get("iteration") or 0) > 0)
    states = []
    for action in ("pause", "resume", "perturb", "cancel"):
        states.append(room.post("/layouts/control", {"id": plan["id"], "action": action}).json()["state"])
    assert states == ["paused", "running", "running", "cancelled"]
    assert room.post("/layouts/control", {"id": plan["id"], "action": "explode"}).status_code == 400
    assert room.post("/layouts/control", {"id": "none", "action": "pause"}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"method": "isomap"}, 400, "tsne, umap"),
        ({"perplexity": "1000"}, 400, "from 2 to 100"),
        ({"name": "nobody"}, 404, "nobody"),
    ],
)
def test_wrong_questions_say_what_was_wanted(
    room: RoomClient, changes: dict[str, str], status: int, said: str
) -> None:
    answer = room.get("/layouts", ASKED | changes)
    assert answer.status_code == status
    assert said in answer.text


def test_supervision_needs_a_field_that_there_is(room: RoomClient) -> None:
    settings = {"supervise": 50, "field": "colour", "iterations": 5}
    plan = room.post("/layouts", ASKED | {"parameters": settings}).json()
    last = until(lambda: (found := frame(room, plan["id"]))["state"] == "failed" and found)
    assert "'colour'" in last["error"]
    assert "parity, name" in last["error"]


def test_axes_and_their_quality(room: RoomClient) -> None:
    between = {
        "terms": [
            {"sign": -1, "field": "parity", "values": ["even"]},
            {"sign": 1, "field": "parity", "values": ["odd"]},
        ]
    }
    body = {"run": "run", "name": "points:00000", "axes": [between, {"component": 0}]}
    made = decode_columns(room.post("/axes", body).content)
    direction = (MATRIX[1::2].mean(axis=0) - MATRIX[::2].mean(axis=0)).astype(float)
    wanted = (MATRIX - MATRIX.mean(axis=0)) @ direction / np.linalg.norm(direction)
    np.testing.assert_allclose(made["coordinates"][0], wanted, atol=1e-5)
    pca = decode_columns(room.get("/pca", {"run": "run", "name": "points:00000"}).content)
    np.testing.assert_array_equal(made["coordinates"][1], pca["components"][0])
    quality = decode_columns(room.post("/quality", body).content)["quality"]
    assert 0.4 < quality["trustworthiness"] < 1
    assert len(quality["in_layout"]) == quality["k"] * len(quality["sample"])


@pytest.mark.parametrize(
    ("axes", "status"),
    [
        ([], 400),
        ([{"component": 0}], 400),
        ([{"terms": []}, {"component": 0}], 400),
        ([{"terms": [{"points": [400]}]}, {"component": 0}], 400),
        ([{"terms": [{"points": [True]}]}, {"component": 0}], 400),
        ([{"terms": [{"field": "colour", "values": []}]}, {"component": 0}], 422),
        ([{"terms": [{"field": "parity", "values": ["none"]}]}, {"component": 0}], 422),
        (["x", "y"], 400),
    ],
)
def test_wrong_axes_are_refused(room: RoomClient, axes: Any, status: int) -> None:
    for route in ("/axes", "/quality"):
        answer = room.post(route, {"run": "run", "name": "points:00000", "axes": axes})
        assert answer.status_code == status, answer.text


def test_only_the_components_asked_for_are_sent(room: RoomClient) -> None:
    asked = {"run": "run", "name": "points:00000"}
    every, some = (
        decode_columns(room.get("/pca", asked | more).content) for more in ({}, {"components": "0,2"})
    )
    assert [column is not None for column in some["components"]] == [True, False, True] + 5 * [False]
    np.testing.assert_array_equal(some["components"][2], every["components"][2])
    assert room.get("/pca", asked | {"components": "x"}).status_code == 400
