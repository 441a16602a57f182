"""Bytes of a log as a browser and a player ask for them."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from cupola.http.answers import blob_response, encode_json

DATA = b"\x00\x00\x00\x10ftypisom" + bytes(range(100))
SIZE = len(DATA)


def ask(method: str = "GET", data: bytes = DATA, **headers: str) -> Response:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {"type": "http", "method": method, "headers": raw}
    return blob_response(data, request=Request(scope))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=0-", 0, SIZE),
        ("bytes=5-5", 5, 6),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        ("bytes=10-999999", 10, SIZE),
        ("bytes=10-" + "9" * 400, 10, SIZE),
        ("bytes=-7", SIZE - 7, SIZE),
        ("bytes=-" + "9" * 400, 0, SIZE),
        ("bytes= 1-2 ", 1, 3),
        ("bytes=0000000000000000000000001-2", 1, 3),
    ],
)
def test_a_range_is_answered_with_its_bytes(asked: str, start: int, end: int):
    answer = ask(range=asked)
    assert answer.status_code == 206 and answer.body == DATA[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - start)
    assert answer.headers["content-type"] == "video/mp4" and answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=0-1,5-6",
        "items=0-1",
        "bytes=1-2-3",
        "bytes=-1-",
        "bytes=0x1-2",
    ],
)
def test_what_is_no_single_range_is_answered_whole(asked: str):
    answer = ask(range=asked)
    assert answer.status_code == 200 and answer.body == DATA
    assert answer.headers["accept-ranges"] == "bytes" and "content-range" not in answer.headers


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=" + "9" * 400 + "-", "bytes=-0", "bytes=500-600"])
def test_a_range_behind_the_end_is_416(asked: str):
    answer = ask(range=asked)
    assert answer.status_code == 416 and answer.headers["content-range"] == f"bytes */{SIZE}"
    assert answer.headers["content-type"] == "application/json" and b"error" in answer.body


def test_ranges_are_of_get_and_of_what_is_known_to_be_the_same():
    assert ask("HEAD", range="bytes=0-1").status_code == 200
    assert ask(range="bytes=0-1", if_range='"x"').status_code == 200
    assert ask(data=b"", range="bytes=0-").status_code == 416


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"MZ", b""])
def test_what_is_not_on_the_list_is_a_download_that_can_run_nothing(data: bytes):
    answer = ask(data=data)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="blob.bin"'
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_json_has_words_for_what_is_no_number():
    document = {"a": [float("nan"), (float("inf"), -float("inf"))], "b": "\ud800"}
    assert encode_json(document) == b'{"a":["NaN",["Infinity","-Infinity"]],"b":"?"}'
