"""`make dev`: the server, the page and the codec, each made anew as its files change.

The page is at Vite's address, which it prints; Vite sends what the page asks to the server. A change below
src/cupola restarts the server, one below codec/ builds the codec first.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from watchfiles import watch

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SOURCES = {".py", ".cpp", ".h"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def build_codec() -> bool:
    """Builds the codec into src/cupola. False if it does not compile; the compiler has said why."""
    build = subprocess.run([str(BIN / "cmake"), "--build", "build/dev"], cwd=ROOT)
    if build.returncode:
        return False
    install = [str(BIN / "cmake"), "--install", "build/dev", "--prefix", "src"]
    return subprocess.run(install, cwd=ROOT, stdout=subprocess.DEVNULL).returncode == 0


def is_source(_: object, path: str) -> bool:
    """Whether a changed file is one that the server is made of."""
    return Path(path).suffix in SOURCES


def main(logdir: str) -> None:
    """Runs until Ctrl-C."""
    port = free_port()
    command = [sys.executable, "-m", "cupola", "--logdir", logdir, "--port", str(port)]
    environment = {**os.environ, "CUPOLA_API": f"http://127.0.0.1:{port}"}
    page = subprocess.Popen(["npm", "run", "dev"], cwd=ROOT / "web", env=environment)
    server = subprocess.Popen(command)
    try:
        folders = ROOT / "src" / "cupola", ROOT / "codec"
        for changes in watch(*folders, watch_filter=is_source, raise_interrupt=False):
            if any(Path(path).suffix != ".py" for _, path in changes) and not build_codec():
                continue
            server.terminate()
            server.wait(10)
            server = subprocess.Popen(command)
    finally:
        for process in (server, page):
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "logs")
