"""Files sent in pieces, and points that become an embedding of their own, through the routes."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from tests.plugins.test_projector_api import client, columns, labels
from tests.plugins.test_projector_matrices import npy
from tests.support.room_client import RoomClient

from cupola.plugins.projector.encode import embedding
from cupola.plugins.projector.matrices import uploads
from cupola.plugins.projector.matrices.opened import OpenedFiles

MATRIX = np.random.default_rng(0).standard_normal((40, 5)).astype(np.float32)


@pytest.fixture
def room(tmp_path: Path) -> RoomClient:
    images = np.arange(40, dtype=np.uint8)[:, None, None, None] * np.ones((1, 1, 4, 4), np.uint8)
    embedding(MATRIX, [f"g{index % 4}" for index in range(40)], images, 0, "t").write(tmp_path)
    return client(tmp_path)


def send(room: RoomClient, key: str, offset: int, data: bytes, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(room._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
            told = {"content-type": "application/octet-stream", **headers}
            query = {"id": key, "offset": str(offset)}
            return await web.post("/files/pieces", params=query, content=data, headers=told)

    return asyncio.run(ask())


def opened(room: RoomClient, name: str, data: bytes, piece: int = 100) -> Any:
    key = room.post("/files", {"name": name, "size": len(data)}).json()["id"]
    for offset in range(0, len(data), piece):
        assert send(room, key, offset, data[offset : offset + piece]).status_code == 200
    return room.post("/files/open", {"id": key})


def test_a_file_in_pieces_is_an_embedding_until_it_is_closed(room: RoomClient) -> None:
    found = opened(room, "../../a.npy", npy(MATRIX)).json()
    assert found["run"] == "file://a.npy" and found["embeddings"][0]["shape"] == [40, 5]
    query = {"run": "file://a.npy", "name": "a"}
    whole = columns(room, "/tensor", **query)
    np.testing.assert_array_equal(whole["values"].reshape(40, 5), MATRIX)
    assert room.get("/neighbours", {**query, "index": 0, "count": 3}).status_code == 200
    assert room.get("/layouts", {**query, "method": "tsne"}).json()["shape"] == [40, 5]
    for route in ("/sprite", "/sprite/image"):
        assert room.get(route, {**query, "index": 0}).status_code == 404
    assert room.get("/bookmarks", query).json() == {"bookmarks": []}
    assert room.post("/files/close", {"run": "file://a.npy"}).json() == {"closed": True}
    assert room.get("/pca", query).status_code == 404
    assert room.post("/files/close", {"run": "."}).json() == {"closed": False}


def test_pieces_that_come_twice_or_wrong(room: RoomClient) -> None:
    data = npy(MATRIX)
    key = room.post("/files", {"name": "a.npy", "size": len(data)}).json()["id"]
    for _ in range(2):
        assert send(room, key, 0, data[:500]).json() == {"received": 500}
    assert send(room, key, 600, data[600:]).status_code == 507, "a gap"
    assert send(room, key, 500, data).status_code == 507, "more than was said"
    assert send(room, key, 500, data[500:], **{"content-type": "text/plain"}).status_code == 415
    assert send(room, "unknown", 0, b"").status_code == 404
    assert send(room, key, 500, bytes(uploads.PIECE_BYTES + 1)).status_code == 413
    early = room.post("/files/open", {"id": key})
    assert early.status_code == 507 and "500 of" in early.text
    assert room.post("/files/open", {"id": key}).status_code == 404, "given up"


def test_there_is_a_bound_on_what_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    held = uploads.Uploads(OpenedFiles(), most_bytes=1000)
    held.begin("a", 900)
    with pytest.raises(uploads.CannotTake, match="close one"):
        held.begin("b", 200)
    monkeypatch.setattr(uploads, "IDLE_S", -1.0)
    held.begin("b", 200)  # the first is given up: nobody sends it
    monkeypatch.setattr(uploads, "MOST_BYTES", 1 << 60)
    with pytest.raises(uploads.CannotTake, match="TMPDIR"):
        uploads.Uploads(OpenedFiles(), 1 << 60).begin("c", 1 << 55)


def test_what_cannot_be_shown_is_said_and_not_listed(room: RoomClient) -> None:
    answer = opened(room, "a.npy", npy(np.array([[{}]], object)))
    assert answer.status_code == 422 and "any program" in answer.text
    assert [item["run"] for item in room.get("/embeddings", {}).json()["embeddings"]] == ["."]


def test_columns_of_a_table(room: RoomClient) -> None:
    found = opened(room, "s.csv", b"word,score\na,1.5\nb,2\n").json()
    assert found["is_table"] and found["columns"] == ["word", "score"] and found["embeddings"] == []
    told = columns(room, "/files/columns", run=found["run"])
    assert [labels(told, at) for at in (0, 1)] == [["a", "b"], ["1.5", "2"]]
    opened(room, "l.csv", b"x\ny\nz\n")
    assert labels(columns(room, "/files/columns", run="file://l.csv", rows=3)) == ["x", "y", "z"]
    assert labels(columns(room, "/files/columns", run="file://l.csv", rows=2)) == ["y", "z"]


def bits(mask: Any) -> str:
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()


def test_some_points_are_fitted_alone(room: RoomClient) -> None:
    chosen = np.arange(40) % 4 == 1
    whole = {"run": ".", "name": "t:00000"}
    entry = room.post("/subsets", {**whole, "points": bits(chosen)}).json()
    query = {"run": entry["run"], "name": entry["name"]}
    assert entry["shape"] == [10, 5] and entry["tile"] == [4, 4]
    from cupola.plugins.projector.pca import pca

    wanted, found = pca(MATRIX[chosen]), columns(room, "/pca", **query)
    np.testing.assert_array_equal(found["components"][0], wanted.components[0])
    document = columns(room, "/metadata", **query)
    assert labels(document) == ["g1"] * 10 and document["columns"][0]["values"] == ["g1"]
    one = room.get("/sprite/image", {**query, "index": 3})
    assert one.content == room.get("/sprite/image", {**whole, "index": 13}).content
    inner = room.post("/subsets", {**query, "points": bits(np.arange(10) > 6)}).json()
    again = room.get("/sprite/image", {"run": inner["run"], "name": inner["name"], "index": 0})
    assert again.content == room.get("/sprite/image", {**whole, "index": 29}).content
    assert room.post("/subsets", {**whole, "points": bits(np.zeros(40, bool))}).status_code == 400
    for at in range(9):
        room.post("/subsets", {**whole, "points": bits(np.arange(40) == at)})
    assert len(room.get("/embeddings", {}).json()["embeddings"]) == 1 + 8
