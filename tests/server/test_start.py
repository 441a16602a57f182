"""What a starting server loads before it answers: by modules, in a process that has loaded nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.log_file import LogFile

ASK = """
import asyncio, json, sys
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.server.app import App

def provider():
    made = LocalProvider(sys.argv[1], plugins().values())
    made.load()
    return made

app = App(provider)

async def ask(path):
    sent, scope = [], {"type": "http", "method": "GET", "path": path, "root_path": ""}
    scope |= {"query_string": b"tag=loss&run=run", "headers": [(b"host", b"localhost")], "scheme": "http"}
    async def receive():
        return {"type": "http.disconnect"}
    async def send(message):
        sent.append(message)
    await app.asgi(scope, receive, send)
    loaded = {"numpy", "cupola.plugins.scalars.api", "cupola.plugins.projector.api"} & set(sys.modules)
    print(sent[0]["status"], *sorted(loaded))

async def main():
    for path in ("/", "/api/catalog", "/api/progress", "/api/runs", "/api/scalars/series", "/api/info"):
        await ask(path)

asyncio.run(main())
"""


def test_a_long_log_is_told_of_before_numpy_and_the_plugins_are_loaded(tmp_path: Path):
    LogFile(tmp_path / "run").points("loss", range(1000))
    command = [sys.executable, "-c", ASK, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[:4] == ["200"] * 4, "page, catalog, progress and runs"
    assert said[4] == "200 cupola.plugins.scalars.api numpy", "a room loads its own plugin"
    assert said[5].endswith("cupola.plugins.projector.api cupola.plugins.scalars.api numpy")
