"""A file that the tests of damage write, cut and overwrite."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.scripted_file import ScriptedFile


@pytest.fixture
def file(tmp_path: Path) -> ScriptedFile:
    return ScriptedFile(tmp_path / "events.out.tfevents.1")
