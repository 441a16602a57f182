"""A real JupyterLab in the browser: a server process, and cells that are typed into it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parents[2]
ENTRY_POINTS = """\
[jupyter_serverproxy_servers]
cupola = cupola.notebook.launcher:entry
"""
"""What an installed cupola says; the source that is tested need not be installed."""
START_S = 60.0
RUN_MS = 30_000


class JupyterLab:
    """A running `jupyter lab` of this Python.

    Args:
        folder: what it shows.
        base_url: where it lies, as JupyterHub gives each user a place of their own.
        options: further words of its command line.
    """

    def __init__(self, folder: Path, base_url: str = "/", options: tuple[str, ...] = ()) -> None:
        self.folder = folder
        installed = folder / ".installed" / "cupola_as_tested-0.dist-info"
        installed.mkdir(parents=True)
        (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: cupola-as-tested\nVersion: 0\n")
        (installed / "entry_points.txt").write_text(ENTRY_POINTS)
        paths = [str(ROOT / "src"), str(installed.parent), os.environ.get("PYTHONPATH", "")]
        home = {name: str(folder / f".{name}") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
                *(
                    "--port=0",
                    "--ServerApp.disable_check_xsrf=True",
                    "--ServerApp.allow_remote_access=True",
                    "--IdentityProvider.token=",
                    f"--notebook-dir={folder}",
                ),
                *(
                    f"--ServerApp.base_url={base_url}",
                    "--LabApp.news_url=",
                    "--LabApp.check_for_updates_class=",
                ),
                *options,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={
                **os.environ,
                **home,
                "IPYTHONDIR": str(folder / ".ipython"),
                "PYTHONPATH": os.pathsep.join(paths),
            },
        )
        self.address = self._wait_for_address()

    def _wait_for_address(self) -> str:
        assert self.process.stderr
        timer = threading.Timer(START_S, self.process.kill)
        timer.start()
        said = ""
        for line in self.process.stderr:
            said += line
            if found := re.search(r"http://(?:localhost|127\.0\.0\.1):\d+/\S*lab", line):
                timer.cancel()
                self._reader = threading.Thread(target=self.process.stderr.read, daemon=True)
                self._reader.start()
                return found[0]
        raise AssertionError(f"JupyterLab did not say its address within {START_S} s:\n{said}")

    def stop(self) -> None:
        self.process.terminate()  # ends its kernels too, and sometimes hangs on one of them
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()  # kernels end when their parent has
            self.process.wait(10)
        self._reader.join(10)
        assert self.process.stderr
        self.process.stderr.close()

    def end_kernels(self) -> None:
        """As its menu does, and as a restart of the machine."""
        with urllib.request.urlopen(self._api) as answer:
            kernels = json.load(answer)
        for kernel in kernels:
            request = urllib.request.Request(f"{self._api}/{kernel['id']}", method="DELETE")
            urllib.request.urlopen(request).close()

    @property
    def _api(self) -> str:
        return f"{self.address.removesuffix('lab')}api/kernels"

    def write(self, name: str, *cells: str) -> str:
        """Writes a notebook and returns the address that opens it."""
        code: list[dict] = [
            {
                "cell_type": "code",
                "id": f"c{i}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": text,
            }
            for i, text in enumerate(cells)
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        notebook = {"cells": code, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
        (self.folder / name).write_text(json.dumps(notebook), "utf-8")
        return f"{self.address}/tree/{name}?reset"  # without the tabs of the visit before


def run_cell(page: Page, number: int) -> Locator:
    """Runs a cell and returns its output, when the kernel is done with it."""
    cell = page.locator(".jp-Notebook-cell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    prompt = cell.locator(".jp-InputArea-prompt")
    prompt.get_by_text(re.compile(r"\[\d+\]")).wait_for(timeout=RUN_MS)
    return cell.locator(".jp-OutputArea")


def export(notebook: Path, *options: str) -> str:
    """The notebook as nbconvert's page, where no kernel and no network is."""
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--stdout", *options, notebook.name]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=notebook.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
