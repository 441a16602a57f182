"""The manual page says what the command says of itself, in words that man takes."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from tools.manual import PAGE, manual

from cupola.cli.completion import names, parsers


def test_the_page_is_what_the_parsers_make_of_it() -> None:
    assert PAGE.read_text("utf-8") == manual(), "write it anew: python -m tools.manual"


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_shows_it_without_a_warning() -> None:
    command = ["man", "--warnings", "-Tutf8", "-l", str(PAGE)]
    environment = {
        "PATH": "/usr/bin:/bin",
        "MANWIDTH": "100",
        "LC_ALL": "C.UTF-8",
        "MAN_KEEP_FORMATTING": "0",
    }
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0 and done.stderr == ""
    shown = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)
    for parser in parsers().values():
        assert [name for name in names(parser) if name not in shown] == []
