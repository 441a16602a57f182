"""Which names are this machine's own, what is printed, and whom a taken port belongs to."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import httpx
import pytest
from tests.support.command import call, running
from tests.support.log_file import LogFile

from cupola.cli import addresses
from cupola.cli.addresses import EVERYWHERE, interface_addresses, own_names, resolve, shown_hosts, within
from cupola.cli.options import serve_parser
from cupola.cli.sockets import open_socket


@pytest.fixture
def node7(monkeypatch):
    """A machine of a lab."""
    monkeypatch.setattr(socket, "gethostname", lambda: "Node7")
    monkeypatch.setattr(socket, "getfqdn", lambda: "node7.lab.example.org")
    monkeypatch.setattr(addresses, "is_container", lambda: False)
    monkeypatch.setattr(addresses, "interface_addresses", lambda: ["10.1.2.3", "172.17.0.1"])


@pytest.mark.parametrize("host", EVERYWHERE)
def test_a_machines_short_and_full_names_are_its_own(node7, host: str):
    names = own_names(host)
    assert names == ("node7", "node7.lab.example.org")
    shown = ["node7", "node7.lab.example.org", "10.1.2.3", "172.17.0.1", "localhost"]
    assert shown_hosts(host, names) == shown


def test_of_one_address_that_is_shown(node7):
    assert own_names("localhost") == () and shown_hosts("127.0.0.1", ()) == ["localhost"]
    assert own_names("Box.example") == ("box.example", "node7", "node7.lab.example.org")
    assert shown_hosts("10.1.2.3", own_names("10.1.2.3")) == ["10.1.2.3"]


def test_in_a_container_what_is_published_comes_first(node7, monkeypatch):
    monkeypatch.setattr(addresses, "is_container", lambda: True)
    assert shown_hosts("::", own_names("::")) == ["localhost", "10.1.2.3", "172.17.0.1"]


def test_a_name_server_that_is_silent_is_waited_for_a_second(monkeypatch, capsys):
    monkeypatch.setattr(addresses, "LOOKUP_S", 0.05)
    monkeypatch.setattr(socket, "gethostname", lambda: "node7")
    monkeypatch.setattr(socket, "getfqdn", lambda: time.sleep(2) or "late")
    assert own_names("::") == ("node7",)
    assert "add --allow_host NAME" in capsys.readouterr().err
    assert within(1, lambda: socket.inet_aton("no address"), b"nothing") == b"nothing"


def test_a_name_that_says_nothing_is_no_name(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "box")
    monkeypatch.setattr(socket, "getfqdn", lambda: "localhost.localdomain")
    assert own_names("::") == ("box",)


def test_a_hosts_name_is_looked_up_once(monkeypatch, capsys):
    asked = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *rest: object, **more: object) -> object:
        if host == "node7.example":
            asked.append(host)
            host = "127.0.0.1"
        return real(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("cupola.cli.sockets.DEFAULT_PORT", port)
        host, sock = open_socket(serve_parser().parse(["logs", "--host", "node7.example"]))
        with sock:
            assert host == "node7.example" and sock.getsockname()[1] > port
    assert f"port {port} is taken; using" in capsys.readouterr().err
    assert asked == ["node7.example"]


def test_a_name_that_is_nowhere(tmp_path: Path):
    done = call(tmp_path, "--host", "no-such-host.invalid", "--port", "0")
    assert done.returncode == 2 and "wanted a name or address of this machine, or --bind_all" in done.stderr
    assert resolve("localhost") == "127.0.0.1"


def test_the_interfaces_addresses_are_addresses():
    for address in interface_addresses():
        socket.inet_aton(address)
        assert not address.startswith("127.")


def test_all_addresses_are_printed_and_answer(tmp_path: Path):
    with running(tmp_path, "--bind_all", "--port", "0") as (address, process):
        assert process.stdout is not None
        full = socket.getfqdn().lower()
        port, token = httpx.URL(address).port, address.partition("=")[2]
        headers = {"Host": f"{full}:{port}", "Authorization": f"Bearer {token}"}
        if not full.startswith("localhost"):
            assert httpx.get(f"http://127.0.0.1:{port}/api/info", headers=headers).status_code == 200
        line = process.stdout.readline()
        assert line.startswith("  or http://") and line.strip().endswith(f":{port}/?token={token}")


def test_two_servers_on_one_directory(tmp_path: Path):
    """Nothing is written there, so both show it; a port that is wanted and taken says whose it is."""
    LogFile(tmp_path / "run").points("x", [1])
    with running(tmp_path, "--port", "0") as (first, _), running(tmp_path, "--port", "0") as (second, _):
        for address in (first, second):
            assert httpx.get(f"{address}api/info").json()["location"] == str(tmp_path)
        port = httpx.URL(first).port
        done = call(tmp_path, "--port", str(port))
        said = f"already in use by a cupola that shows {tmp_path} at http://localhost:{port}/; choose another"
        assert done.returncode == 2 and said in done.stderr
