"""A recording is silent, and only in its own thread; nothing of the silence stays."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from cupola.plugins.graphs.recorder.quiet import quiet


@pytest.fixture
def records() -> Iterator[list[str]]:
    """What handlers of torch's loggers and of the program's get."""
    seen: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.name)

    handler, inner = Handler(), Handler()
    torch_logger = logging.getLogger("torch.cupola_test")
    logging.root.addHandler(handler)
    torch_logger.addHandler(inner)
    yield seen
    logging.root.removeHandler(handler)
    torch_logger.removeHandler(inner)


def in_a_thread(work: Any) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_records_of_torch_are_dropped_in_this_thread_only(records: list[str]) -> None:
    def log() -> None:
        logging.getLogger("torch.cupola_test").error("x")
        logging.getLogger("torch.made_meanwhile").error("x")
        logging.getLogger("torchlike").error("x")

    with quiet():
        log()
        assert records == ["torchlike"]
        in_a_thread(log)
    assert set(records[1:]) >= {"torch.cupola_test", "torchlike"}
    assert [handler.filters for handler in logging.root.handlers] == [[] for _ in logging.root.handlers]


def test_the_last_resort_is_silent_too(capfd: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    with quiet():
        logging.getLogger("torch.nobody_listens").error("hidden")
        logging.getLogger("someone.else").error("shown")
    assert capfd.readouterr().err == "shown\n"


@pytest.mark.filterwarnings("error")
def test_warnings_are_dropped_in_this_thread_only() -> None:
    filters = list(warnings.filters)
    raised = []

    def warn() -> None:
        try:
            warnings.warn("x", UserWarning, stacklevel=1)
        except UserWarning as warning:
            raised.append(warning)

    with quiet():
        warn()
        assert not raised
        in_a_thread(warn)
        assert len(raised) == 1
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what the model asks for itself
            warn()
            assert len(raised) == 2
        warn()
        assert len(raised) == 2
    assert list(warnings.filters) == filters
    warn()
    assert len(raised) == 3


def test_a_warning_that_was_dropped_is_shown_when_the_program_causes_it() -> None:
    def warn() -> None:
        warnings.warn("once in a program", UserWarning, stacklevel=1)

    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("default")
        with quiet():
            warn()
        warn()
        warn()
    assert len(shown) == 1


def test_filters_that_are_reset_meanwhile_stay_reset() -> None:
    with warnings.catch_warnings():
        with quiet():
            warnings.resetwarnings()
        assert list(warnings.filters) == []
