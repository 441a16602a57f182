"""Silence around a recording: what torch says of a trial pass is not for the user."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Within it, this thread's warnings and the records of torch's loggers are dropped.

    Other threads warn and log as before: the settings of `warnings` and `logging` hold for the process, so
    what is added to them here tells the threads apart, and is taken away again.
    """
    with _no_warnings(threading.get_ident()), _no_records(threading.get_ident()):
        yield


@contextlib.contextmanager
def _no_warnings(thread: int) -> Iterator[None]:
    if getattr(sys.flags, "context_aware_warnings", False):  # Python 3.14 keeps them apart itself
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
        return

    class Here(type):
        def __subclasscheck__(cls, category: type) -> bool:
            return threading.get_ident() == thread

    class Warnings(Warning, metaclass=Here):
        """Every warning of this thread, to the `issubclass` of the filters."""

    filters = warnings.filters
    warnings.simplefilter("ignore", Warnings)
    entry = filters[0]
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):  # the pass may have reset them all
            filters.remove(entry)  # type: ignore[attr-defined]


@contextlib.contextmanager
def _no_records(thread: int) -> Iterator[None]:
    def passes(record: logging.LogRecord) -> bool:
        return record.thread != thread or record.name.partition(".")[0] != "torch"

    handlers = _handlers()
    for handler in handlers:
        handler.addFilter(passes)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(passes)


def _handlers() -> list[logging.Handler]:
    """Every handler that a record of torch can reach."""
    loggers: list[logging.Logger] = [logging.root]
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name.partition(".")[0] == "torch":
            loggers.append(logger)
    handlers = [handler for logger in loggers for handler in logger.handlers]
    return [*handlers, logging.lastResort] if logging.lastResort else handlers
