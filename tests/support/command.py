"""The `cupola` command as a process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

COMMAND = [sys.executable, "-m", "cupola"]


@contextmanager
def running(
    *words: str | os.PathLike[str], environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """(printed address, process) of `cupola words…`, ended by Ctrl-C, which it must survive cleanly."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdout=pipe,
        stderr=pipe,
        text=True,
        preexec_fn=hear_interrupts,
        env=os.environ | (environment or {}),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"https?://\S+", line)
        assert found, (line, process.stderr.read() if process.stderr else "")
        yield found[0], process
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0 and "Traceback" not in said, said


def hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def call(
    *words: str | os.PathLike[str], environment: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        [*COMMAND, *words],
        capture_output=True,
        text=True,
        timeout=30,
        env=os.environ | (environment or {}),
        **options,
    )
