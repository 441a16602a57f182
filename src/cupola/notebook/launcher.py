"""cupola in JupyterLab's launcher, and below JupyterHub, by jupyter-server-proxy: at `<base URL>cupola/`.

Jupyter has checked who asks. It adds the token to each path, so the browser never sees it, and other accounts
of the machine cannot open the port.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Final

from cupola.cli.nearby import log_directories
from cupola.notebook.servers import child_environment
from cupola.server.frame import Frame
from cupola.server.page import FOLDER
from cupola.server.tokens import fresh_token

START_S: Final = 30.0
ICON: Final = FOLDER / "cupola.svg"


def entry() -> dict[str, Any]:
    """What jupyter-server-proxy is to start, and how it is reached."""
    frame = Frame(fresh_token(), "self")
    launcher = {"title": "cupola", "category": "Other"}
    if ICON.is_file():
        launcher["icon_path"] = str(ICON)
    return {
        "command": _command,
        "environment": {name: _literal(text) for name, text in child_environment(frame.token).items()},
        "mappath": lambda path: frame.path().rstrip("/") + path,
        "timeout": START_S,
        "new_browser_tab": False,
        "launcher_entry": launcher,
    }


def _command() -> list[str]:
    """Shows CUPOLA_LOGDIR, else what logs there are where Jupyter was started, else waits for `logs`."""
    named = os.environ.get("CUPOLA_LOGDIR", "")
    shown = [named] if named else list(log_directories(".")) or ["logs"]
    words = [sys.executable, "-m", "cupola.notebook.child", "self", *shown]
    return [*map(_literal, words), "--port", "{port}"]


def _literal(text: str) -> str:
    """As jupyter-server-proxy's templates (`str.format`) leave it."""
    return text.replace("{", "{{").replace("}", "}}")
