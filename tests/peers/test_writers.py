"""FileWriter, RecordWriter, GlobalSummaryWriter."""

from __future__ import annotations

import io
import multiprocessing
import os
import time
from pathlib import Path

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2, graph_pb2, summary_pb2
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New
from tests.support.event_files import files, read_file, scalars, steps

from cupola import FileWriter, GlobalSummaryWriter, RecordWriter
from cupola.peers.event_file_writer import EventFileWriter


def summary(tag: str, value: float) -> summary_pb2.Summary:
    return summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])


def test_file_writer(tmp_path: Path) -> None:
    writer = FileWriter(tmp_path, 10, 120, ".suffix")
    assert writer.get_logdir() == str(tmp_path)
    writer.add_summary(summary("x", 1), 1, 12.5)
    writer.add_event(event_pb2.Event(summary=summary("x", 2)), np.int64(2))
    with writer.use_metadata(global_step=7, walltime=13.0):
        writer.add_summary(summary("x", 3))
    writer.add_graph((graph_pb2.GraphDef(), RunMetadata()))
    writer.add_onnx_graph(graph_pb2.GraphDef())
    writer.flush()
    assert steps(tmp_path, "x") == [1, 2, 7]
    writer.close()
    writer.reopen()
    writer.add_summary(summary("x", 4), 8)
    writer.close()
    writer.add_summary(summary("x", 5), 9)
    writer.close()
    assert steps(tmp_path, "x") == [1, 2, 7, 8, 9]
    assert len(files(tmp_path)) == 3 and all(path.name.endswith(".suffix") for path in files(tmp_path))
    events = read_file(files(tmp_path)[0]).events
    assert [event.wall_time for event in events[1:4:2]] == [12.5, 13.0]
    assert abs(events[2].wall_time - time.time()) < 10
    assert [event.tagged_run_metadata.tag for event in events if event.HasField("tagged_run_metadata")] == [
        "step1"
    ]


def test_file_writer_by_tensorboardx_keyword(tmp_path: Path) -> None:
    FileWriter(logdir=tmp_path).close()
    assert len(files(tmp_path)) == 1


def test_event_file_writer_keeps_an_events_bytes(tmp_path: Path) -> None:
    writer, event = EventFileWriter(str(tmp_path)), event_pb2.Event(step=3, summary=summary("x", 42))
    writer.add_event(event)
    writer.close()
    reader = PyRecordReader_New(str(files(tmp_path)[0]))
    reader.GetNext()
    reader.GetNext()
    assert reader.record() == event.SerializeToString()


@pytest.mark.parametrize("kind", [str, Path, "file"])
def test_record_writer(tmp_path: Path, kind: object) -> None:
    path, records = tmp_path / "records", [b"", b"hello world", b"x" * 100_000]
    writer = RecordWriter(open(path, "wb") if kind == "file" else kind(path))  # type: ignore[operator]  # noqa: SIM115
    for record in records:
        writer.write(record)
    writer.flush()
    assert path.stat().st_size == sum(16 + len(record) for record in records) and not writer.closed
    writer.close()
    assert writer.closed
    reader = PyRecordReader_New(str(path))
    for record in records:
        reader.GetNext()
        assert reader.record() == record


def test_record_writer_to_memory() -> None:
    buffer = io.BytesIO()
    RecordWriter(buffer).write(b"x" * 64)
    assert len(buffer.getvalue()) == 80


def log_globally(writer: GlobalSummaryWriter, count: int) -> None:
    for number in range(count):
        writer.add_scalar("shared", number)
        writer.add_scalar(f"of {os.getpid()}", number)


def test_global_writer_in_forked_processes(tmp_path: Path) -> None:
    """All append to one file; each tag's steps count over all of them, in the file's order."""
    writer, processes, each = GlobalSummaryWriter(tmp_path), 4, 200
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=log_globally, args=(writer, each)) for _ in range(processes)]
    for child in children:
        child.start()
    log_globally(writer, each)
    for child in children:
        child.join(30)
        assert child.exitcode == 0
    writer.close()
    points = scalars(tmp_path)
    assert [step for step, _ in points["shared"]] == list(range(each * (processes + 1)))
    assert sorted(value for _, value in points["shared"]) == sorted([*range(each)] * (processes + 1))
    assert len(points) == 1 + processes + 1 and len(files(tmp_path)) == 1
    assert all(p == [(i, i) for i in range(each)] for tag, p in points.items() if tag != "shared")


def test_a_killed_process_does_not_stop_the_others(tmp_path: Path) -> None:
    writer = GlobalSummaryWriter(tmp_path)
    pid = os.fork()
    if pid == 0:
        with writer._steps.locked():
            os._exit(1)
    os.waitpid(pid, 0)
    writer.add_scalar("x", 1)
    writer.close()
    assert scalars(tmp_path)["x"] == [(0, 1.0)]


def test_global_writer_calls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    writer = GlobalSummaryWriter.getSummaryWriter()
    assert GlobalSummaryWriter.getSummaryWriter() is writer
    assert "runs" in capsys.readouterr().out
    for _ in range(2):
        writer.add_text("x", "text")
        writer.add_image("x", np.zeros((3, 4, 4)))
        writer.add_scalar("x", 1.0, 12.0)
    logdir = Path(writer.file_writer.get_logdir())
    events = [event for event in read_file(files(logdir)[0]).events if event.summary.value]
    assert [(event.summary.value[0].tag, event.step) for event in events[::3]] == [
        ("x/text_summary", 0),
        ("x/text_summary", 1),
    ]
    assert events[2].wall_time == 12.0
    writer.close()
    writer.add_scalar("x", 2.0)
    writer.close()
    assert steps(logdir, "x")[-1] == 2 and len(files(logdir)) == 2


def test_global_writer_when_the_file_is_gone(tmp_path: Path) -> None:
    writer = GlobalSummaryWriter(tmp_path / "run")
    writer.add_scalar("x", 0)
    files(tmp_path / "run")[0].unlink()
    writer.add_scalar("x", 1)
    writer.close()
    assert scalars(tmp_path / "run")["x"] == [(1, 1.0)]
