"""The servers that this kernel has started: a child process for each set of log directories and options."""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, Final

import cupola
from cupola.cli import UsageError
from cupola.server.tokens import fresh_token

START_S: Final = 20.0
"""A machine that is busy training starts a process slowly."""
SAID_LINES: Final = 40
"""Of what a server says, the last lines that are kept."""


class Server:
    """A running server, which ends with this process.

    Args:
        words: the command line of `cupola`, without the command.

    Raises:
        UsageError: it did not start; the message is what it said.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.started_s = time.time()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cupola.notebook.child", "any", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **child_environment(fresh_token())},
            # Jupyter interrupts a cell by a signal to the kernel's whole group.
            start_new_session=True,
        )
        self._said: collections.deque[str] = collections.deque(maxlen=SAID_LINES)
        self._listener = threading.Thread(target=self._listen, name="cupola-notebook", daemon=True)
        self._listener.start()
        where = self._wait()
        self.scheme: str = where["scheme"]
        self.port: int = where["port"]
        self.path: str = where["path"]
        self.shows: str = where["shows"]

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def address(self) -> str:
        """The page's address in a browser on this machine; it holds the token."""
        return f"{self.scheme}://localhost:{self.port}{self.path}"

    @property
    def is_running(self) -> bool:
        """Whether it has not ended, or been ended."""
        return self._process.poll() is None

    @property
    def said(self) -> list[str]:
        """What it wrote to its standard error, line by line."""
        return list(self._said)

    def stop(self) -> None:
        """Ends it, if it runs."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(5)
        self._listener.join(1.0)

    def _wait(self) -> dict[str, Any]:
        """Its first line, which says where it is."""
        assert self._process.stdout
        timer = threading.Timer(START_S, self._process.kill)
        timer.start()
        with self._process.stdout as said:
            line = said.readline()
        timer.cancel()
        if not line:
            self.stop()
            late = f"it did not start within {START_S:g} s; this machine may be too busy: run the cell again"
            raise UsageError("\n".join(self._said) or late)
        found: dict[str, Any] = json.loads(line)
        return found

    def _listen(self) -> None:
        assert self._process.stderr
        with self._process.stderr as said:
            for line in said:
                self._said.append(line.decode("utf-8", "backslashreplace").rstrip())


_servers: dict[Hashable, Server] = {}


def running() -> list[Server]:
    """The servers of this kernel that have not ended, oldest first."""
    for key in [key for key, server in _servers.items() if not server.is_running]:
        _servers.pop(key).stop()
    return list(_servers.values())


def find_or_start(key: Hashable, words: Sequence[str]) -> tuple[Server, bool]:
    """(the server of this key, whether it was running already).

    Args:
        key: tells apart what is shown and how.
        words: the command line of one that has to be started.

    Raises:
        UsageError: it did not start.
    """
    running()
    if key in _servers:
        return _servers[key], True
    _servers[key] = Server(words)
    return _servers[key], False


def child_environment(token: str) -> dict[str, str]:
    """What to add to the environment, so that `python -m cupola.notebook.child` finds this very cupola, and
    no module that lies in the notebook's folder.
    """
    home = str(Path(cupola.__file__).parents[1])
    paths = [home, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "PYTHONSAFEPATH": "1",
        "CUPOLA_FRAME_TOKEN": token,
    }
