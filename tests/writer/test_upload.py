"""Log directories by URL: through fsspec's file system in memory, whose connection can be cut."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import s3fs
from moto.server import ThreadedMotoServer
from tests.support import object_store
from tests.support.event_files import files, read_file, scalars, steps
from tests.support.object_store import Net, fetch

from cupola import SummaryWriter
from cupola.writer import upload
from cupola.writer.patience import Patience


@pytest.fixture(autouse=True)
def net(monkeypatch: pytest.MonkeyPatch) -> None:
    object_store.install(monkeypatch)


def test_everything_arrives(tmp_path: Path) -> None:
    with SummaryWriter("net://bucket/runs/a") as writer:
        assert writer.get_logdir() == writer.log_dir == "net://bucket/runs/a"
        writer.add_scalar("x", 1.0, 1)
        writer.flush()
        assert steps(fetch(tmp_path / "early") / "bucket/runs/a", "x") == [1]
        writer.add_scalar("x", 2.0, 2)
        writer.add_scalars("g", {"a": 1.0}, 1)
        writer.add_histogram("h", np.arange(10.0), 1)
        writer.add_embedding(np.eye(3), tag="e", global_step=1)
        writer.add_hparams({"lr": 1}, {"m": 2.0}, run_name="session")
        assert list(writer.all_writers or ()) == ["net://bucket/runs/a", "net://bucket/runs/a/g_a"]
        spool = writer._files.uploader.spool  # type: ignore[union-attr]
    run = fetch(tmp_path / "late") / "bucket/runs/a"
    assert scalars(run)["x"] == [(1, 1.0), (2, 2.0)]
    assert steps(run / "g_a", "g") == [1] and steps(run / "session", "m") == [0]
    assert "e:00001" in (run / "projector_config.pbtxt").read_text()
    assert not any(Path.cwd().glob("net:*"))
    with SummaryWriter("net://bucket/runs/a/") as writer:
        writer.add_embedding(np.eye(3), tag="f", global_step=1)
    config = (fetch(tmp_path / "merged") / "bucket/runs/a" / "projector_config.pbtxt").read_text()
    assert "e:00001" in config and "f:00001" in config
    del writer
    deadline = time.monotonic() + 5
    while spool.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not spool.exists()


def test_a_lost_connection_loses_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    writer = SummaryWriter("net://bucket/run")
    took = []
    with caplog.at_level(logging.WARNING, "cupola"):
        for step in range(300):
            Net.cut = 100 <= step < 200
            before = time.perf_counter()
            writer.add_scalar("x", step, step)
            took.append(time.perf_counter() - before)
            time.sleep(0.003)
            if step == 150:
                writer.flush()
        writer.close()
    assert sum(seconds > 0.01 for seconds in took) <= 2  # the busy machine's
    assert steps(fetch(tmp_path) / "bucket/run", "x") == list(range(300))
    assert len([record for record in caplog.records if "cannot copy" in record.message]) == 1


def test_large_files_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copying stays cheap: no object is much larger than the bound, and what is done leaves the spool."""
    monkeypatch.setattr(upload, "LARGE_BYTES", 10_000)
    writer = SummaryWriter("net://bucket/run")
    for step in range(3000):
        writer.add_scalar("x", step, step)
        if step % 100 == 0:
            writer.flush()
    spool = writer._files.uploader.spool  # type: ignore[union-attr]
    assert len(files(spool)) <= 2
    writer.close()
    run = fetch(tmp_path) / "bucket/run"
    assert steps(run, "x") == list(range(3000))
    assert len(files(run)) > 5 and max(path.stat().st_size for path in files(run)) < 20_000


def test_forked_children_travel_with_the_parent(tmp_path: Path) -> None:
    writer = SummaryWriter("net://bucket/run")
    writer.add_scalar("parent", 0, 0)
    for child in range(3):
        pid = os.fork()
        if pid == 0:
            writer.add_scalar(f"child{child}", 1, 1)
            writer.flush()
            os._exit(0)
        os.waitpid(pid, 0)
    writer.close()
    points = scalars(fetch(tmp_path) / "bucket/run")
    assert points == {"parent": [(0, 0.0)], **{f"child{child}": [(1, 1.0)] for child in range(3)}}


def test_end_without_close(tmp_path: Path) -> None:
    """A local URL stands in: `file://` is a file system of fsspec's too."""
    script = f"""
from cupola import SummaryWriter
w = SummaryWriter("local://{tmp_path}/run")
for i in range(100):
    w.add_scalar("x", i, i)
print(w._files.uploader.spool)
"""
    (tmp_path / "run").mkdir()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert steps(tmp_path / "run", "x") == list(range(100))
    assert not Path(done.stdout.strip()).exists()
    assert all(read_file(path).torn == 0 for path in files(tmp_path / "run"))


def test_unknown_urls_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="nosuch"):
        SummaryWriter("nosuch://bucket/run")


def test_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real S3 server on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        for name, value in {
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        }.items():
            monkeypatch.setenv(name, value)
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir("bucket")
        with SummaryWriter("s3://bucket/run") as writer:
            for step in range(100):
                writer.add_scalar("x", step, step)
            writer.flush()
            writer.add_scalar("x", 100, 100)
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().get("bucket/run", str(tmp_path / "run"), recursive=True)
    finally:
        server.stop()
    assert steps(tmp_path / "run", "x") == list(range(101))


def test_the_end_waits_no_longer_than_patience(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A connection that hangs: the rest stays in the spool, which is said."""
    writer = SummaryWriter("net://bucket/run")
    writer.add_scalar("x", 1.0, 1)
    writer.flush()
    uploader = writer._files.uploader
    assert uploader is not None
    go_on, pipe_file = threading.Event(), uploader._system.pipe_file
    uploader._system.pipe_file = lambda *arguments: (go_on.wait(30), pipe_file(*arguments))
    try:
        writer.add_scalar("x", 2.0, 2)
        writer._main_file().flush()  # into the spool, as at the end of the process
        began = time.monotonic()
        with caplog.at_level(logging.WARNING, "cupola"):
            uploader.at_exit(Patience(0.3))
        assert time.monotonic() - began < 3
        assert f"the rest stays in {uploader.spool}" in caplog.text and uploader.spool.exists()
    finally:
        go_on.set()
        del uploader._system.pipe_file
    writer.close()
    assert steps(fetch(tmp_path) / "bucket/run", "x") == [1, 2]
