"""cupola behind the reverse proxies of docs/remote.md: its recipes, as they stand there, and what people make
of them. Plain HTTP on another port, to a name that is not loopback.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from .logs import write

LAB = "lab.example.org"
ARGUMENTS = [f"--host-resolver-rules=MAP {LAB} 127.0.0.1"]
CARD = "[data-card='train/loss'] .note"
RECIPES = Path(__file__).parents[2] / "docs" / "remote.md"
HARMLESS = (
    "Cross-Origin-Opener-Policy",
    "favicon",
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
    "ERR_CONNECTION_REFUSED",
)
"""The last two: a proxy ends while its page is still open."""

Visit = Callable[..., Any]


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
"""What nginx would put where only root may write."""


def recipe(language: str, proxy_port: int, cupola_port: int, beginning: str = "") -> str:
    """The block of that language in the documentation, which begins so, for other ports."""
    found = re.findall(rf"^```{language}\n({beginning}.*?)^```", RECIPES.read_text("utf-8"), re.M | re.S)
    (block,) = found
    text = str(block).replace("127.0.0.1:6006", f"127.0.0.1:{cupola_port}")
    return re.sub(r"\b8080\b", str(proxy_port), text)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def process(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """A proxy that listens on a port."""
    if shutil.which(command[0], path="/usr/sbin:/usr/bin:/usr/local/bin:/bin") is None:
        pytest.skip(f"{command[0]} is not installed")
    command[0] = str(shutil.which(command[0], path="/usr/sbin:/usr/bin:/usr/local/bin:/bin"))
    with (folder / "proxy.log").open("w") as log:
        environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
        running = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
            assert running.poll() is None, (folder / "proxy.log").read_text()
        yield
    finally:
        running.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(1)  # Caddy waits for open streams
        running.kill()
        running.wait(5)


@contextlib.contextmanager
def nginx(server: str, port: int, folder: Path) -> Iterator[None]:
    """nginx with one `server { … }`."""
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\nevents {{}}\nhttp {{\n"
        "access_log off;\n"
        + "".join(f"{name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
        + server.replace(f"listen {port}", f"listen 127.0.0.1:{port}")
        + "}\n"
    )
    with process(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], port, folder):
        yield


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write(tmp_path / "logs", {"train/loss": [(i, 1 - i / 200) for i in range(101)]})
    return tmp_path / "logs"


def through(address: str, port: int, prefix: str = "/cupola") -> str:
    """What is printed, as the proxy shows it."""
    return re.sub(r"^http://localhost:\d+(?:/cupola)?", f"http://{LAB}:{port}{prefix}", address)


def check(visit: Visit, logs: Path, address: str, state: str = "live", patience_ms: int = 8000) -> Any:
    """The page opens by the printed link and shows a point that is written now."""
    page = visit(address, allow=HARMLESS)
    page.wait_for_selector(CARD)
    assert "token" not in page.url
    page.wait_for_selector(f"[data-live={state}]", timeout=12_000)
    write(logs / "later", {"train/loss": [(200, 0.125)]})
    page.wait_for_selector("text=later", timeout=5000)
    page.reload()
    page.wait_for_selector(CARD)
    return page


def test_the_recipe_of_nginx(tmp_path: Path, cupola: Visit, visit: Visit, logs: Path):
    server = cupola(logs, "--allow_host", LAB, "--path_prefix", "/cupola", "--token")
    port = free_port()
    with nginx(recipe("nginx", port, server.port), port, tmp_path):
        check(visit, logs, through(server.address, port))
        page = visit(f"http://{LAB}:{port}/cupola/nothing", allow=(*HARMLESS, "401"))
        page.wait_for_selector("h1:has-text('asks for its token')")


@pytest.mark.parametrize("host", ["", "proxy_set_header Host $host;", "proxy_set_header Host $http_host;"])
def test_nginx_without_a_prefix(tmp_path: Path, cupola: Visit, visit: Visit, logs: Path, host: str):
    server = cupola(logs, "--allow_host", LAB, "--token")
    port = free_port()
    text = f"server {{ listen {port}; location / {{ proxy_pass http://127.0.0.1:{server.port}; {host} }} }}"
    with nginx(text, port, tmp_path):
        check(visit, logs, through(server.address, port, ""))


def test_nginx_that_takes_the_prefix_away(tmp_path: Path, cupola: Visit, visit: Visit, logs: Path):
    server = cupola(logs, "--allow_host", LAB, "--token")
    port = free_port()
    text = f"server {{ listen {port}; location /far/off/ {{ proxy_pass http://127.0.0.1:{server.port}/; }} }}"
    with nginx(text, port, tmp_path):
        check(visit, logs, through(server.address, port, "/far/off"))


def test_a_proxy_that_holds_the_stream_back_is_noticed_and_said(
    tmp_path: Path, cupola: Visit, visit: Visit, logs: Path
):
    server = cupola(logs, "--allow_host", LAB)
    port = free_port()
    text = (
        f"server {{ listen {port}; location / {{ proxy_pass http://127.0.0.1:{server.port}; "
        "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering; "
        "gzip on; gzip_types text/event-stream; } }"
    )
    with nginx(text, port, tmp_path):
        page = check(visit, logs, through(server.address, port, ""), "held")
        note = page.wait_for_selector("[data-held]", timeout=12_000)
        assert "proxy_buffering off" in note.inner_text()
        page.click("[data-held] button")
        page.wait_for_selector("[data-held]", state="detached")


def test_a_name_that_was_not_given_is_said(tmp_path: Path, cupola: Visit, visit: Visit, logs: Path):
    server = cupola(logs)
    port = free_port()
    text = f"server {{ listen {port}; location / {{ proxy_pass http://127.0.0.1:{server.port}; %s }} }}"
    with nginx(text % "proxy_set_header Host $http_host;", port, tmp_path):
        page = visit(f"http://{LAB}:{port}/", allow=(*HARMLESS, "403"))
        page.wait_for_selector(f"pre:has-text('cupola LOGDIR --allow_host {LAB}')")


def test_the_recipe_of_caddy(tmp_path: Path, cupola: Visit, visit: Visit, logs: Path):
    server = cupola(logs, "--allow_host", LAB, "--path_prefix", "/cupola", "--token")
    port = free_port()
    options = "{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n"
    (tmp_path / "Caddyfile").write_text(options + recipe("caddyfile", port, server.port))
    with process(["caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"], port, tmp_path):
        check(visit, logs, through(server.address, port))


@pytest.mark.skipif(shutil.which("traefik") is None, reason="traefik is not installed, and Debian has none")
def test_the_recipe_of_traefik(tmp_path: Path, cupola: Visit, visit: Visit, logs: Path):
    server = cupola(logs, "--allow_host", LAB, "--path_prefix", "/cupola", "--token")
    port = free_port()
    (tmp_path / "cupola.yaml").write_text(recipe("yaml", port, server.port, "http:"))
    command = [
        "traefik",
        f"--entrypoints.web.address=127.0.0.1:{port}",
        "--providers.file.filename=cupola.yaml",
    ]
    with process([*command, "--global.checknewversion=false"], port, tmp_path):
        for _ in range(100):  # it listens before it has read what to serve
            if httpx.get(f"http://127.0.0.1:{port}/cupola/", headers={"Host": LAB}).status_code != 404:
                break
            time.sleep(0.1)
        check(visit, logs, through(server.address, port))
