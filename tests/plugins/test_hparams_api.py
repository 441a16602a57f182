"""The table of hyperparameters, from files of TensorBoard's own messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from google.protobuf.struct_pb2 import ListValue, Struct, Value
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.plugins.hparams.api_pb2 import Experiment, HParamInfo
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData, SessionStartInfo
from tests.support.log import read
from tests.support.log_file import LogFile, record
from tests.support.server import client
from torch.utils.tensorboard import SummaryWriter

from cupola.columns import decode_columns
from cupola.plugins.hparams import EXPERIMENT, SESSION_START

KINDS = {0: None, 1: "number", 2: "bool", 3: "text"}


def hparams_record(tag: str, content: bytes) -> bytes:
    plugin = SummaryMetadata.PluginData(plugin_name="hparams", content=content)
    value = Summary.Value(tag=tag, metadata=SummaryMetadata(plugin_data=plugin))
    return record(Event(wall_time=1.0, summary=Summary(value=[value])))


def session(**hparams: Value) -> bytes:
    start = SessionStartInfo(hparams=hparams)
    return hparams_record(
        SESSION_START, HParamsPluginData(version=0, session_start_info=start).SerializeToString()
    )


def experiment(*infos: HParamInfo) -> bytes:
    data = HParamsPluginData(version=0, experiment=Experiment(hparam_infos=infos))
    return hparams_record(EXPERIMENT, data.SerializeToString())


def number(value: float) -> Value:
    return Value(number_value=value)


def table(logdir: Path) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Values by run and name, and the whole answer."""
    answer = client(read(logdir)).get("/api/hparams/table")
    assert answer.status_code == 200, answer.text
    document = decode_columns(answer.content)
    rows: dict[str, dict[str, Any]] = {run: {} for run in document["runs"]}
    for column in document["hparams"]:
        for row, run in enumerate(document["runs"]):
            kind = KINDS[int(column["is"][row])]
            if kind == "text":
                rows[run][column["name"]] = column["text"][column["code"][row]]
            elif kind is not None:
                value = float(column["number"][row])
                rows[run][column["name"]] = bool(value) if kind == "bool" else value
    return rows, document


def test_torchs_own_log(tmp_path: Path):
    with SummaryWriter(str(tmp_path / "curves")) as writer:
        writer.add_scalar("loss", 1.0, 0)
        writer.add_hparams({"lr": 0.1, "opt": "adam", "ema": True}, {"acc": 0.9}, run_name="trial")
    rows, document = table(tmp_path)
    wanted = {"lr": 0.1, "opt": "adam", "ema": True}
    assert rows == {"curves": wanted, "curves/trial": wanted}, "the curves' run has its only session's"
    assert set(document["sessions"]) == {"curves/trial"} and document["problems"] == []
    assert [column["name"] for column in document["hparams"]] == ["lr", "opt", "ema"]


def test_every_kind_is_kept_beside_others_of_its_name(tmp_path: Path):
    LogFile(tmp_path / "a").write(session(lr=number(0.1), x=Value(bool_value=False), n=Value(null_value=0)))
    LogFile(tmp_path / "b").write(session(lr=Value(string_value="none"), x=Value(bool_value=True)))
    deep = Value(list_value=ListValue(values=[number(1), Value(string_value="é"), Value(null_value=0)]))
    LogFile(tmp_path / "c").write(
        session(
            lr=number(float("nan")),
            layers=deep,
            s=Value(struct_value=Struct(fields={"k": Value(bool_value=True)})),
        )
    )
    LogFile(tmp_path / "none").points("x", [1])
    rows, document = table(tmp_path)
    assert rows["a"] == {"lr": 0.1, "x": False} and rows["b"] == {"lr": "none", "x": True}
    assert rows["c"]["lr"] != rows["c"]["lr"], "NaN is shown"
    assert rows["c"]["layers"] == '[1.0, "é", null]' and rows["c"]["s"] == '{"k": true}'
    assert "none" not in rows
    assert {c["name"]: c["kind"] for c in document["hparams"]} == {
        "lr": "number",
        "x": "bool",
        "layers": "text",
        "s": "text",
    }


def test_columns_are_those_of_all_experiments_and_sessions(tmp_path: Path):
    LogFile(tmp_path / "a").write(
        experiment(HParamInfo(name="wd", display_name="Weight decay", description="d")), session(lr=number(1))
    )
    LogFile(tmp_path / "b").write(experiment(HParamInfo(name="bs")), session(bs=number(2), extra=number(3)))
    rows, document = table(tmp_path)
    assert [column["name"] for column in document["hparams"]] == ["wd", "bs", "lr", "extra"]
    assert document["hparams"][0]["display_name"] == "Weight decay"
    assert rows == {"a": {"lr": 1.0}, "b": {"bs": 2.0, "extra": 3.0}}


def test_runs_below_a_session_are_its(tmp_path: Path):
    LogFile(tmp_path / "s").write(session(lr=number(1)))
    LogFile(tmp_path / "s" / "eval" / "deep").points("x", [1])
    LogFile(tmp_path / "many" / "one").write(session(lr=number(2)))
    LogFile(tmp_path / "many" / "two").write(session(lr=number(3)))
    LogFile(tmp_path / "many").points("x", [1])
    rows, _ = table(tmp_path)
    assert rows == {"s": {"lr": 1}, "s/eval/deep": {"lr": 1}, "many/one": {"lr": 2}, "many/two": {"lr": 3}}


def test_a_session_that_was_logged_anew_counts(tmp_path: Path):
    LogFile(tmp_path).write(session(lr=number(1), old=number(1)), session(lr=number(2)))
    assert table(tmp_path)[0] == {".": {"lr": 2.0}}


@pytest.mark.parametrize("content", [b"", b"\xff", HParamsPluginData(version=0).SerializeToString()])
def test_what_cannot_be_read_is_told_and_takes_no_other_along(tmp_path: Path, content: bytes):
    LogFile(tmp_path / "bad").write(hparams_record(SESSION_START, content))
    LogFile(tmp_path / "good").write(session(lr=number(1)))
    rows, document = table(tmp_path)
    assert rows == {"good": {"lr": 1.0}}
    assert [problem["run"] for problem in document["problems"]] == ["bad"]


def test_a_bomb_of_lists_is_no_hyperparameter(tmp_path: Path):
    value = number(1)
    for _ in range(40):
        value = Value(list_value=ListValue(values=[value]))
    LogFile(tmp_path).write(session(deep=value))
    assert "in one another" in table(tmp_path)[1]["problems"][0]["problem"]
