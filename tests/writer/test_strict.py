"""`strict=False`: what a call cannot take never raises; it is told once for each kind and counted in the log.
`None` among numbers by name is left out by every writer.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.event_files import load, scalars
from tests.support.log_calls import CALLS, ELSEWHERE
from tests.writer.test_losses import messages

from cupola import SummaryWriter
from cupola.errors import WrongType, WrongValue
from cupola.peers.tensorboardx_writer import TensorboardXWriter


class Hostile:
    """Raises wherever it is looked at."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("hands off")

    def __repr__(self) -> str:
        raise RuntimeError("hands off")


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if "warned once" in record.message]


@pytest.mark.parametrize("name", sorted({*CALLS, *ELSEWHERE}))
@pytest.mark.parametrize(
    "given", [Hostile(), object(), {}, b"\0", lambda: None], ids=lambda v: type(v).__name__
)
def test_no_method_raises(tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, given: Any) -> None:
    with SummaryWriter(tmp_path, strict=False) as writer:
        arguments = {
            "add_hparams": 2,
            "add_scalar": 2,
            "add_scalars": 2,
            "add_graph": 1,
            "add_embedding": 1,
        }.get(name, 1)
        for _ in range(3):
            getattr(writer, name)(*[given] * arguments)
        writer.add_scalar("after", 1.0, 5)
    assert scalars(tmp_path)["after"] == [(5, 1.0)]
    told = [line for line in warnings(caplog) if line.startswith(name)]
    counted = messages(tmp_path)
    assert len(told) <= 1, "one warning for each kind"
    if told:
        assert counted == [] or f"first: {name}" in counted[0]


def test_each_kind_is_told_once_and_all_are_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with SummaryWriter(tmp_path, strict=False) as writer:
        for step in range(5):
            writer.add_scalar("loss", None, step)
            writer.add_scalar("loss", np.zeros(3), step)
            writer.add_scalar("loss", float(step), "no step")
            writer.add_histogram("values", object(), step)
            writer.add_scalar("loss", float(step), step)
    assert scalars(tmp_path)["loss"] == [(step, float(step)) for step in range(5)]
    told = warnings(caplog)
    assert [line.split(" is left out")[0] for line in told] == ["add_scalar('loss')"] * 3 + [
        "add_histogram('values')"
    ]
    assert "scalar_value is None" in told[0]
    [message] = messages(tmp_path)
    assert message.startswith("20 values could not be logged (15 add_scalar, 5 add_histogram, first: add_")
    load(tmp_path)


def test_one_bad_number_takes_no_other_along(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with SummaryWriter(tmp_path, strict=False) as writer:
        numbers: dict[Any, Any] = {"a": 1.0, "b": object(), 3: 1.0, "c": 2.0}
        writer.add_scalars("group", numbers, 0)
        writer.add_hparams({"lr": Hostile()}, {"x": 1.0, "y": "words", "z": 2.0}, run_name="session")
    assert scalars(tmp_path / "group_a")["group"] == [(0, 1.0)]
    assert scalars(tmp_path / "group_c")["group"] == [(0, 2.0)]
    logged = scalars(tmp_path / "session")
    assert (logged["x"], logged["z"], "y" in logged) == ([(0, 1.0)], [(0, 2.0)], False)
    assert any("metric_dict['y']" in line for line in warnings(caplog))


def test_a_strict_writer_raises_and_writes_nothing_of_the_call(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for wrong in (None, object(), np.zeros(3)):
            with pytest.raises((WrongType, WrongValue), match="scalar_value"):
                writer.add_scalar("loss", wrong)
        with pytest.raises(TypeError, match="main_tag"):
            writer.add_scalars([], {"a": 1.0})  # type: ignore[arg-type]
    assert scalars(tmp_path) in ({}, {"": [(0, 0.0)]})
    assert messages(tmp_path) == []


def test_none_among_numbers_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What callbacks have for metrics that were not measured in this epoch."""
    with SummaryWriter(tmp_path) as writer:
        for step in range(3):
            writer.add_scalars("group", {"train": 1.0, "val": None}, step)
            writer.add_hparams({"lr": 0.1, "none": None}, {"loss": 1.0, "f1": None}, run_name=f"s{step}")
    assert scalars(tmp_path / "group_train")["group"] == [(0, 1.0), (1, 1.0), (2, 1.0)]
    assert not (tmp_path / "group_val").exists()
    assert set(scalars(tmp_path / "s0")) >= {"loss"}
    assert "f1" not in scalars(tmp_path / "s0")
    told = warnings(caplog)
    assert len(told) == 2, told
    assert "add_scalars leaves 'val' out: it is None" in told[0]
    assert "add_hparams leaves 'f1' out: it is None" in told[1]
    assert messages(tmp_path) == []  # nothing was lost


def test_a_copy_is_as_strict(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with SummaryWriter(tmp_path, strict=False) as writer:
        copy = pickle.loads(pickle.dumps(writer))
    copy.add_histogram("x", object())
    copy.close()
    caplog.set_level(logging.WARNING)
    assert len(warnings(caplog)) == 1


@pytest.mark.parametrize(
    ("variable", "strict"),
    [(None, True), ("", True), ("1", True), ("True", True), ("0", False), (" off ", False), ("FALSE", False)],
)
def test_the_environment_decides_for_writers_that_frameworks_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str | None, strict: bool
) -> None:
    monkeypatch.delenv("CUPOLA_STRICT", raising=False)
    if variable is not None:
        monkeypatch.setenv("CUPOLA_STRICT", variable)
    for made, told in (
        (SummaryWriter(tmp_path), strict),
        (TensorboardXWriter(tmp_path), strict),
        (SummaryWriter(tmp_path, strict=True), True),
        (SummaryWriter(tmp_path, strict=False), False),
    ):
        assert made.strict is told
        with made, pytest.raises(WrongType) if told else nullcontext():
            made.add_scalar("x", object())


def test_the_environment_reaches_programs_that_know_nothing_of_it(tmp_path: Path) -> None:
    """As `python -m cupola.compat` runs them, and the processes that they start."""
    (tmp_path / "child.py").write_text(
        "from torch.utils.tensorboard import SummaryWriter\n"
        f"with SummaryWriter({str(tmp_path / 'run')!r}) as writer:\n"
        "    writer.add_scalar('wrong', object())\n"
        "    writer.add_scalar('right', 1.0)\n"
    )
    (tmp_path / "train.py").write_text(
        f"import subprocess, sys\nsys.exit(subprocess.call([sys.executable, {str(tmp_path / 'child.py')!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-m", "cupola.compat", str(tmp_path / "train.py")],
        env=os.environ | {"CUPOLA_STRICT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "add_scalar('wrong') is left out" in done.stderr
    assert scalars(tmp_path / "run")["right"] == [(0, 1.0)]


def test_a_wrong_environment_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPOLA_STRICT", "nein")
    with pytest.raises(WrongValue, match=r"CUPOLA_STRICT is 'nein'; wanted 0 or 1"):
        SummaryWriter(tmp_path)
    SummaryWriter(tmp_path, strict=False).close()
