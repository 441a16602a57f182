"""The table of calls that the tests from odd places walk over is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.log_calls import CALLS, ELSEWHERE, logged

from cupola import SummaryWriter


def test_every_method_is_here() -> None:
    methods = {name for name in dir(SummaryWriter) if name.startswith("add_")}
    assert methods == {*CALLS, *ELSEWHERE}


@pytest.mark.parametrize("name", CALLS)
def test_each_call_logs(tmp_path: Path, name: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        CALLS[name](writer, 3)
    assert logged(tmp_path)
