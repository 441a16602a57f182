"""Signals at any instruction of a log call: handlers that log, and interrupts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.event_files import steps
from tests.support.log_calls import CALLS, CONTROLS, logged
from tests.support.signals import interrupt, try_each

from cupola import SummaryWriter, _codec

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
    pytest.mark.skipif(not hasattr(_codec, "_signal_after"), reason="the stable ABI lacks tracing"),
]

MAIN = {**CALLS, **CONTROLS}
HANDLED = ["add_scalar", "add_scalars", "add_histogram", "add_text", "add_embedding", "flush", "close"]
INTERRUPTED = [name for name in MAIN if name != "export_scalars_to_json"]
"""That one opens a file, which an interrupt within the standard library leaves to the garbage collector."""

QUICK = 40
"""So many instructions of a call are tried in `make test`, spread over it."""
FAST = [name for name in MAIN if name not in ("add_graph", "add_figure")]
"""Not those that execute millions of instructions of torch and matplotlib."""


def check_interrupted(tmp_path: Path, name: str, tries: int) -> None:
    writer = SummaryWriter(tmp_path)
    for call in (MAIN[name], CALLS["add_histogram"]):
        call(writer, 0)  # makes what is made once
    returned, interrupted = try_each(lambda step: MAIN[name](writer, step), interrupt, tries)
    assert interrupted >= min(tries, 10) // 2
    MAIN[name](writer, 2)
    writer.add_scalar("after", 1.0, 2)
    writer.add_histogram("after/h", [1.0], 2)
    assert writer._queue.drain() and writer._queue.idle
    writer.close()
    assert steps(tmp_path, "after") == [2]
    found = logged(tmp_path)
    if name in ("add_scalar", "add_histogram", "add_text", "add_image", "add_tensor"):
        [counts] = {step: n for (_, step, _), n in found.items() if step == 1 and n > 1}.items() or [(1, 0)]
        assert returned <= counts[1] <= returned + interrupted


@pytest.mark.parametrize("name", [name for name in INTERRUPTED if name in FAST])
def test_interrupts(tmp_path: Path, name: str) -> None:
    check_interrupted(tmp_path, name, QUICK)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [name for name in INTERRUPTED if name in FAST])
def test_interrupts_at_every_instruction(tmp_path: Path, name: str) -> None:
    check_interrupted(tmp_path, name, 1 << 16)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_interrupts_of_a_recorded_graph(tmp_path: Path) -> None:
    check_interrupted(tmp_path, "add_graph", 800)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function TransformNode:pytest.PytestUnraisableExceptionWarning"
)
def test_interrupts_of_a_drawn_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib makes an error of its own of an interrupt while its C++ asks Python for a transform, and
    Python only reports one in the callback of a weak reference.
    """

    def draw(writer: SummaryWriter, step: int) -> object:
        try:
            return CALLS["add_figure"](writer, step)
        except ValueError as error:
            if str(error) != "Invalid affine transformation matrix":
                raise
            raise KeyboardInterrupt from error

    monkeypatch.setitem(MAIN, "add_figure", draw)
    check_interrupted(tmp_path, "add_figure", 800)


def check_handled(tmp_path: Path, called: str, name: str, tries: int) -> None:
    writer, count = SummaryWriter(tmp_path), 0
    for call in (MAIN[name], MAIN[called]):
        call(writer, 0)

    def handle() -> None:
        nonlocal count
        count += 1
        MAIN[called](writer, 3)

    returned, interrupted = try_each(lambda step: MAIN[name](writer, step), handle, tries)
    assert not interrupted and count >= returned // 2
    writer.add_scalar("after", 1.0, 2)
    writer.close()
    assert steps(tmp_path, "after") == [2]
    if called == "add_scalar":
        assert steps(tmp_path, "scalar").count(3) == count
    if called == "add_histogram":
        assert logged(tmp_path)["./histogram", 3, "histo"] == count


@pytest.mark.parametrize("called", HANDLED)
@pytest.mark.parametrize("name", FAST)
def test_handlers_that_log(tmp_path: Path, called: str, name: str) -> None:
    check_handled(tmp_path, called, name, 12)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("called", MAIN)
@pytest.mark.parametrize("name", MAIN)
def test_handlers_that_log_at_every_instruction(tmp_path: Path, called: str, name: str) -> None:
    check_handled(tmp_path, called, name, 2000)
