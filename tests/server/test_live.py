"""The stream of changes, over real connections."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.support.log import read, steps, wait
from tests.support.log_file import LogFile
from tests.support.server import listening

from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.server import live
from cupola.types import Changes, SeriesKey


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[tuple[LocalProvider, str, LogFile]]:
    file = LogFile(tmp_path / "run").points("x", range(3))
    provider = LocalProvider(tmp_path, plugins().values(), poll_s=0.02)
    provider.start()
    with listening(provider) as address:
        wait(lambda: not provider.loading)
        yield provider, address, file
    provider.stop()


def events(answer: httpx.Response) -> Iterator[dict]:
    for line in answer.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line[6:])


def test_a_new_point_is_pushed(followed):
    provider, address, file = followed
    cursor = httpx.get(f"{address}/api/catalog").json()["cursor"]
    with httpx.stream("GET", f"{address}/api/live?cursor={cursor}", timeout=5) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        changes = events(answer)
        for step in range(3, 6):
            file.points("x", [step])
            began = time.monotonic()
            change = next(changes)
            assert time.monotonic() - began < 1
            assert change["catalog"] is False and change["series"] == {"scalars": ["x"]}
            assert change["cursor"] > cursor
            assert steps(provider, "run", "x")[-1] == step
        file.points("new", [1])
        assert next(changes)["catalog"] is True


def test_a_stream_says_hello_at_once_and_may_end_with_its_first_news(followed, monkeypatch):
    """For proxies that pass a stream on when it ends."""
    provider, address, _ = followed
    text = httpx.get(f"{address}/api/live?cursor=0&hello=1&once=1", timeout=5).text
    assert (
        text.startswith(": cupola\n\nevent: hello\ndata:{}\n\nevent: change\n") and text.count("event:") == 2
    )
    monkeypatch.setattr(live, "KEEP_AWAKE_S", 0.2)
    cursor = provider.changes(0).cursor
    quiet = httpx.get(f"{address}/api/live?cursor={cursor}&once=1", timeout=5).text
    assert quiet.count("event:") == 0 and "still here" in quiet
    assert httpx.get(f"{address}/api/live?once=2").status_code == 400


def test_who_comes_late_or_from_elsewhere_is_told_everything(followed):
    _, address, _ = followed
    for query, headers in (
        ("", {}),
        ("?cursor=5", {}),
        ("", {"Last-Event-ID": "7"}),
        ("", {"Last-Event-ID": "x"}),
    ):
        with httpx.stream("GET", f"{address}/api/live{query}", headers=headers, timeout=5) as answer:
            change = next(events(answer))
            assert change["catalog"] is True and change["series"] == {"scalars": ["x"]}


def test_comments_keep_the_stream_awake(followed, monkeypatch):
    monkeypatch.setattr(live, "KEEP_AWAKE_S", 0.05)
    _, address, _ = followed
    cursor = httpx.get(f"{address}/api/catalog").json()["cursor"]
    with httpx.stream("GET", f"{address}/api/live?cursor={cursor}", timeout=5) as answer:
        lines = answer.iter_lines()
        assert [next(lines) for _ in range(5)] == [": cupola", "", ": still here", "", ": still here"]


def test_many_changes_are_one_message(followed):
    _, address, file = followed
    cursor = httpx.get(f"{address}/api/catalog").json()["cursor"]
    stop = threading.Event()

    def write() -> None:
        step = 3
        while not stop.is_set():
            file.points("x", [step])
            step += 1
            time.sleep(0.002)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with httpx.stream("GET", f"{address}/api/live?cursor={cursor}", timeout=5) as answer:
            changes = events(answer)
            began = time.monotonic()
            for _ in range(10):
                next(changes)
            assert time.monotonic() - began >= 9 * live.PAUSE_S
    finally:
        stop.set()
        writer.join()


def test_clients_that_leave_or_never_read_cost_nothing(followed):
    provider, address, file = followed
    port = int(address.rsplit(":", 1)[1])
    request = b"GET /api/live?cursor=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    stalled = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(50)]
    for client in stalled:
        client.sendall(request)
    wait(lambda: len(provider._index._subscribers) == 1)
    for step in range(3, 20):
        file.points("x", [step])
    wait(lambda: len(steps(provider, "run", "x")) == 20)
    assert httpx.get(f"{address}/api/info", timeout=2).status_code == 200
    for client in stalled:
        client.close()
    file.points("x", [20])
    wait(lambda: not provider._index._subscribers)


def test_too_many_names_are_not_named():
    few = frozenset(SeriesKey("r", "scalars", f"t{i}") for i in range(3))
    many = frozenset(SeriesKey("r", "scalars", f"t{i}") for i in range(live.MAX_TAGS + 1))
    assert b'"series":{"scalars":["t0","t1","t2"]}' in live.encode_event(Changes(9, False, few))
    assert live.encode_event(Changes(9, False, many)) == (
        b'event: change\nid: 9\ndata: {"cursor":9,"catalog":false,"series":null}\n\n'
    )


def test_the_server_ends_although_streams_are_open(tmp_path: Path):
    with listening(read(tmp_path)) as address:
        stream = httpx.stream("GET", f"{address}/api/live", timeout=5)
        answer = stream.__enter__()
        next(answer.iter_lines())
        began = time.monotonic()
    assert time.monotonic() - began < 2
    stream.__exit__(None, None, None)
