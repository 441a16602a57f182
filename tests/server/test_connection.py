"""What a client may take of the server: time for headers, bodies and unread answers, and bytes."""

from __future__ import annotations

import contextlib
import json
import logging
import select
import socket
import time
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import httpx
import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tests.support.log import read
from tests.support.log_file import LogFile, record
from tests.support.server import listening
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cupola.server.connection import Connection
from cupola.server.security import HEADERS

POST = b"POST /api/scalars/table HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CATALOG = b"GET /api/catalog HTTP/1.1\r\nHost: localhost\r\n\r\n"


def connect(address: str) -> socket.socket:
    sock = socket.socket()
    sock.settimeout(10)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    sock.connect(("127.0.0.1", int(address.rsplit(":", 1)[1])))
    return sock


def everything(sock: socket.socket) -> bytes:
    """What comes until the server ends the connection."""
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := sock.recv(1 << 20):
            got += piece
    return got


def test_headers_that_never_end_are_given_up(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("cupola.server.connection.HEADER_S", 2.0)
    with listening(read(tmp_path)) as address:
        port = int(address.rsplit(":", 1)[1])
        halves = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(100)]
        for half in halves[:50]:
            half.sendall(b"GET /api/info HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert httpx.get(f"{address}/api/info").status_code == 200
        assert not select.select(halves, [], [], 0)[0], "another client was answered while they waited"
        for half in halves:
            half.settimeout(5)
            assert half.recv(10) == b""
            half.close()


def test_a_header_without_bound_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("cupola.server.connection.MAX_HEADER_BYTES", 100_000)
    with listening(read(tmp_path)) as address:
        port = int(address.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), 5) as sock:
            sock.sendall(b"GET /api/info HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
            with pytest.raises(OSError):
                for _ in range(1000):
                    sock.sendall(b"x" * 10_000)
                    time.sleep(0.0005)
                raise AssertionError(sock.recv(100))
        assert httpx.get(f"{address}/api/info").status_code == 200


def test_who_asks_for_much_and_reads_nothing_is_let_go(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("cupola.server.connection.STALL_S", 2.0)
    large_catalog(tmp_path)
    with listening(read(tmp_path)) as address:
        size = len(httpx.get(f"{address}/api/catalog").content)
        assert size > 4_000_000
        stalled = [asking_for_the_catalog(address) for _ in range(20)]
        slow = asking_for_the_catalog(address)
        began, got = time.monotonic(), 0
        while piece := slow.recv(65536):  # longer than that for the whole, but never for a piece
            got += len(piece)
            time.sleep(2.5 * len(piece) / size)
            if got >= size:
                break
        assert got >= size and time.monotonic() - began > 1
        for sock in stalled:
            received = 0
            with contextlib.suppress(ConnectionResetError):
                while piece := sock.recv(1 << 20):
                    received += len(piece)
            assert received < size
            sock.close()
        slow.close()
        assert httpx.get(f"{address}/api/info").status_code == 200


def asking_for_the_catalog(address: str, times: int = 1) -> socket.socket:
    sock = connect(address)
    sock.sendall(CATALOG * times)
    return sock


def points_of_many_tags(number: int) -> bytes:
    values = [Summary.Value(tag=f"{number}/{tag}/" + "x" * 100, simple_value=1.0) for tag in range(1000)]
    return record(Event(wall_time=1.0, summary=Summary(value=values)))


def large_catalog(logdir: Path) -> None:
    LogFile(logdir).write(*(points_of_many_tags(number) for number in range(20)))


def test_bodies_that_never_end_are_given_up(tmp_path: Path, monkeypatch, caplog):
    monkeypatch.setattr("cupola.server.connection.BODY_S", 0.3)
    LogFile(tmp_path).points("x", [1])
    with listening(read(tmp_path)) as address:
        head = POST + b"Content-Length: 4000000\r\n\r\n"
        silent, dripping = ([connect(address) for _ in range(50)] for _ in range(2))
        unread = connect(address)  # an answer does not end the clock for the rest of the body
        for sock in [*silent, *dripping]:
            sock.sendall(head + b"{")
        unread.sendall(head.replace(b"/scalars/table", b"/nothing") + b"{")
        assert unread.recv(1 << 16).startswith(b"HTTP/1.1 404")  # before a reset, which would take it along
        with contextlib.suppress(OSError):
            for _ in range(100):
                for sock in dripping:
                    sock.sendall(b" ")
                time.sleep(0.01)
        everything(unread)
        for sock in [*silent, *dripping]:
            assert everything(sock) == b""
            sock.close()
        unread.close()
        assert httpx.post(f"{address}/api/scalars/table", json={"tags": ["x"]}).status_code == 200
    assert not [item for item in caplog.records if item.levelno >= logging.WARNING]


def test_stalled_readers_with_further_requests_are_let_go_without_a_word(tmp_path: Path, monkeypatch, caplog):
    monkeypatch.setattr("cupola.server.connection.STALL_S", 0.3)
    large_catalog(tmp_path)
    with listening(read(tmp_path)) as address:
        stalled = [asking_for_the_catalog(address, times=4) for _ in range(10)]
        time.sleep(1)
        for sock in stalled:
            everything(sock)
            sock.close()
        assert httpx.get(f"{address}/api/info").status_code == 200
    assert not [item for item in caplog.records if item.levelno >= logging.WARNING], caplog.text


@pytest.mark.parametrize("request_of", ["answer", "body", "header"])
def test_the_server_ends_without_waiting_for_clients(tmp_path: Path, monkeypatch, request_of: str):
    """`listening` fails if it does not end: here it would wait for as long as a clock."""
    monkeypatch.setattr("cupola.server.serving.GRACE_S", 1000)
    large_catalog(tmp_path)
    asked = {"answer": CATALOG, "body": POST + b"Content-Length: 9\r\n\r\n{", "header": POST}
    with listening(read(tmp_path)) as address:
        httpx.get(f"{address}/api/catalog")
        waiting = connect(address)
        waiting.sendall(asked[request_of])
        time.sleep(0.5)
    waiting.close()


@pytest.mark.parametrize("length", [1_000, 70_000, 1_000_000])
def test_names_of_any_length_may_be_asked_for(tmp_path: Path, length: int):
    tag = "é?#&" + "x" * length
    LogFile(tmp_path / "run").points(tag, [1, 2])
    with listening(read(tmp_path)) as address:
        query = urlencode({"run": "run", "tag": tag})
        with urlopen(f"{address}/api/scalars/series?{query}", timeout=30) as answer:
            assert [row[1] for row in json.load(answer)] == [1, 2]


@pytest.mark.parametrize(
    "request_line",
    [b"nonsense", b"GET /" + b"x" * 70_000 + b" HTTP/1.1", b"GET / HTTP/9", b"G\0T / HTTP/1.1"],
)
def test_what_is_no_http_is_answered_as_everything_else(tmp_path: Path, request_line: bytes):
    with listening(read(tmp_path)) as address:
        sock = connect(address)
        sock.sendall(request_line + b"\r\nHost: localhost\r\n\r\n")
        head, _, body = everything(sock).partition(b"\r\n\r\n")
        sock.close()
        status, *lines = head.decode().split("\r\n")
        assert status == "HTTP/1.1 400 Bad Request" and json.loads(body)["error"]
        headers = dict(line.split(": ", 1) for line in lines)
        assert HEADERS.items() <= headers.items() and headers["Content-Type"] == "application/json"
        assert httpx.get(f"{address}/api/info").status_code == 200


def test_what_is_bounded_is_where_uvicorn_has_it():
    overridden = [name for name in vars(Connection) if not name.startswith("_")]
    assert len(overridden) >= 10
    assert all(callable(getattr(HttpToolsProtocol, name)) for name in overridden)
