"""The recipes of docs/remote.md, as far as they can be tried without what they are for: shells take them, the
command takes their options, and the job's script runs. Those of nginx and Caddy: tests/e2e/test_proxies.py.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from cupola.cli.options import serve_parser

PAGE = (Path(__file__).parents[1] / "docs" / "remote.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The code of one language on the page."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def calls() -> list[str]:
    """Each call of cupola on the page that serves something, with its options."""
    found = re.findall(r"(?:^|[\s`/])(cupola (?:logs|\"\$HOME)[^`\n]*)", PAGE, re.MULTILINE)
    found += [
        " ".join(re.findall(r'"([^"]+)"', line)) for line in re.findall(r"^CMD \[(.*)\]", PAGE, re.MULTILINE)
    ]
    return found + re.findall(r"^ExecStart=\S+/(cupola .*)", PAGE, re.MULTILINE)


def test_the_page_has_recipes() -> None:
    assert len(calls()) >= 7 and len(blocks("sh")) >= 5
    for language in ("dockerfile", "yaml", "ini", "nginx", "caddyfile"):
        assert blocks(language), language


@pytest.mark.parametrize("call", calls())
def test_the_command_takes_it(call: str) -> None:
    words = [word.replace("$port", "1234") for word in shlex.split(call)[1:]]
    options = serve_parser().parse(words)
    assert len(options.directories) == 1


@pytest.mark.parametrize("script", blocks("sh"))
def test_a_shell_takes_it(script: str) -> None:
    assert subprocess.run(["sh", "-n"], input=script, text=True, capture_output=True).stderr == ""


def test_the_jobs_script_runs(tmp_path: Path) -> None:
    (script,) = (block for block in blocks("sh") if "#SBATCH" in block)
    stub = tmp_path / "cupola"
    stub.write_text('#!/bin/sh\necho "$0 $*"\n')
    stub.chmod(0o755)
    slurm = {"SLURM_JOB_ID": "123456", "SLURM_SUBMIT_HOST": "login", "HOME": "/home/me"}
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["sh", "-c", script], env={**slurm, "PATH": path}, capture_output=True, text=True)
    told, started = done.stdout.splitlines()
    assert re.match(r"ssh -N -L 6006:localhost:33456 -J login \S+ ", told)
    assert started.endswith("cupola /home/me/logs --port 33456 --token") and done.stderr == ""


def test_the_unit_is_one() -> None:
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(blocks("ini")[0])
    assert unit["Service"]["ExecStart"].startswith("%h/") and unit["Install"]["WantedBy"] == "default.target"
