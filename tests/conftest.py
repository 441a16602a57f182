"""Tests whose packages are not installed are skipped, with the package's name.

`make test` installs all of them and sets CUPOLA_TEST_ALL: then a missing one is a failure.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
from collections.abc import Generator
from typing import Any

import pytest

OPTIONAL = frozenset(
    {
        "fsspec",
        "matplotlib",
        "moto",
        "pandas",
        "playwright",
        "s3fs",
        "skimage",
        "sphinx",
        "sklearn",
        "tensorboardX",
        "torch",
        "tqdm",
        "transformers",
    }
)
"""Packages of the groups `parity`, `remote`, `e2e` and `docs` in pyproject.toml."""


with contextlib.suppress(ModuleNotFoundError):  # not of every environment that runs a part of the tests
    from hypothesis import settings

    # A busy machine is no failure.
    settings.register_profile("cupola", deadline=None)
    settings.load_profile("cupola")

CONFIGURATION = tempfile.TemporaryDirectory(prefix="cupola-tests-")
NUMBERS = itertools.count()


def pytest_runtest_setup() -> None:
    """What a server keeps for its user is a test's alone, and never in this account's own directory."""
    os.environ["CUPOLA_CONFIG_DIR"] = f"{CONFIGURATION.name}/{next(NUMBERS)}"


def _missing(error: BaseException | None) -> str | None:
    """The optional package that an error, or what led to it, says is not installed."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError) and error.name and error.name.split(".")[0] in OPTIONAL:
            return error.name.split(".")[0]
        error = error.__cause__ or error.__context__
    return None


def _skip(report: Any, call: pytest.CallInfo[Any] | None, path: str) -> None:
    if report.outcome != "failed" or call is None or call.excinfo is None or "CUPOLA_TEST_ALL" in os.environ:
        return
    package = _missing(call.excinfo.value)
    if package:
        report.outcome = "skipped"
        report.longrepr = (path, 0, f"Skipped: {package} is not installed")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    report = yield
    _skip(report, getattr(report, "call", None), str(collector.path))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    report = yield
    _skip(report, call, str(item.path))
    # A captured line may hold what is no Unicode text, and a worker of pytest-xdist sends UTF-8.
    report.sections = [(name, _printable(text)) for name, text in report.sections]
    return report


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
