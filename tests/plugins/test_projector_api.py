"""The projector's routes over files that cupola, torch and tensorboardX wrote, and over hostile configs."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.support.room_client import RoomClient

from cupola.columns import decode_columns
from cupola.errors import DecodeError
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.plugins.projector import api, demo
from cupola.plugins.projector.config import FILE
from cupola.plugins.projector.decode import decode_metadata, decode_tensor
from cupola.plugins.projector.encode import embedding, encode_tsv


def client(logdir: Path) -> RoomClient:
    provider = LocalProvider(logdir, plugins().values())
    provider.poll()
    return RoomClient(api, provider)


def columns(room: RoomClient, route: str, **query: Any) -> Any:
    answer = room.get(route, {"run": ".", **query})
    assert answer.status_code == 200, answer.text
    return decode_columns(answer.content)


def labels(document: Any, column: int = 0) -> list[str]:
    found = document["columns"][column]
    return [found["values"][code] for code in found["codes"]]


def test_what_cupola_wrote(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    matrix = generator.standard_normal((30, 11)).astype(np.float32)
    target = generator.integers(0, 12, 30)
    images = generator.integers(0, 255, (30, 1, 8, 6), np.uint8)
    for step in (0, 30):
        embedding(matrix + step, target, images, step, "digits/a").write(tmp_path / "run")
    room = client(tmp_path)
    listed = room.get("/embeddings", {}).json()
    assert listed == {
        "embeddings": [
            {
                "run": "run",
                "name": f"digits/a:{step:05d}",
                "tag": "digits/a",
                "step": step,
                "shape": [30, 11],
                "metadata": True,
                "bookmarks": False,
                "tile": [6, 8],
            }
            for step in (0, 30)
        ],
        "problems": [],
    }
    query = {"run": "run", "name": "digits/a:00030"}
    whole = columns(room, "/tensor", **query)
    np.testing.assert_array_equal(whole["values"].reshape(whole["shape"]), matrix + 30)
    text = room.get("/tensor", {**query, "format": "tsv"})
    np.testing.assert_array_equal(np.loadtxt(text.text.splitlines(), dtype=np.float32), matrix + 30)
    projected = columns(room, "/pca", **query)
    assert (projected["shape"], projected["finite"], len(projected["components"])) == ([30, 11], 30, 10)
    assert projected["components"][0].dtype == np.float32
    assert 0.95 < sum(projected["variance"]) <= 1
    document = columns(room, "/metadata", **query)
    assert document["sprite"]["size"] == [42, 42]
    assert labels(document) == [str(value) for value in target]
    assert document["columns"][0]["numeric"]
    assert document["columns"][0]["values"] == [str(value) for value in sorted(set(target.tolist()))]
    sprite = room.get("/sprite", {**query, "version": document["sprite"]["version"]})
    assert sprite.headers["content-type"] == "image/png"
    assert "immutable" in sprite.headers["cache-control"]
    assert room.get("/sprite", {**query, "version": 7}).headers["cache-control"] == "no-store"
    assert sprite.content == (tmp_path / "run/00030/digits%2fa/sprite.png").read_bytes()
    near = room.get("/neighbours", {**query, "index": 4, "count": 3, "metric": "euclidean"}).json()
    away = np.linalg.norm(matrix.astype(float) - matrix[4], axis=1)
    assert near["indices"] == np.argsort(away)[1:4].tolist()
    assert near["distances"] == pytest.approx(np.sort(away)[1:4], rel=1e-5)


def peers() -> dict[str, Any]:
    import tensorboardX
    import torch.utils.tensorboard

    return {"torch": torch.utils.tensorboard.SummaryWriter, "tensorboardX": tensorboardX.SummaryWriter}


@pytest.mark.parametrize("peer", peers())
@pytest.mark.filterwarnings("ignore")
def test_what_the_peers_wrote(tmp_path: Path, peer: str) -> None:
    matrix = torch.randn(7, 5, generator=torch.Generator().manual_seed(0))
    rows = [(index, f"naïve {index}") for index in range(7)]
    with peers()[peer](str(tmp_path)) as writer:
        writer.add_embedding(matrix, torch.arange(7), torch.rand(7, 3, 4, 4), 1, "x/y")
        writer.add_embedding(matrix, rows, global_step=20, tag="x/y", metadata_header=["id", "name"])
        writer.add_embedding(
            matrix, [f"{i}" for i in range(7)], global_step=21, tag="x/y", metadata_header=["i"][:0]
        )
        writer.add_embedding(matrix)
    room = client(tmp_path)
    listed = room.get("/embeddings", {}).json()["embeddings"]
    assert [(item["tag"], item["step"], item["metadata"], item["tile"]) for item in listed] == [
        ("x/y", 1, True, [4, 4]),
        ("x/y", 20, True, None),
        ("x/y", 21, True, None),
        ("default", 0, False, None),
    ]
    for item in listed:
        whole = columns(room, "/tensor", name=item["name"])
        np.testing.assert_array_equal(whole["values"].reshape(whole["shape"]), matrix.numpy())
    assert labels(columns(room, "/metadata", name="x/y:00001"))[3] == "tensor(3)"
    document = columns(room, "/metadata", name="x/y:00020")
    assert [column["name"] for column in document["columns"]] == ["id", "name"]
    assert [column["numeric"] for column in document["columns"]] == [True, False]
    assert labels(document, 1) == [name for _, name in rows]
    assert columns(room, "/metadata", name="default:00000")["columns"] == []
    assert room.get("/sprite", {"run": ".", "name": "x/y:00001"}).headers["content-type"] == "image/png"


def test_the_example_is_written(tmp_path: Path) -> None:
    demo.write(tmp_path)
    room = client(tmp_path)
    listed = room.get("/embeddings", {}).json()["embeddings"]
    assert len(listed) >= 4
    for item in listed:
        query = {"run": item["run"], "name": item["name"]}
        assert columns(room, "/pca", **query)["finite"] == item["shape"][0]
        assert columns(room, "/metadata", **query)["columns"]
        assert room.get("/sprite", query).status_code == 200


def test_a_broken_config_is_named_and_harms_no_other_run(tmp_path: Path) -> None:
    embedding(np.ones((2, 2)) * 0.1).write(tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / FILE).write_text("embeddings {\n oh no")
    listed = client(tmp_path).get("/embeddings", {}).json()
    assert [item["run"] for item in listed["embeddings"]] == ["good"]
    assert listed["problems"] == [
        {
            "run": "bad",
            "problem": f"{FILE}: line 2: saw 'no', wanted `:` or `{{`",
            "code": "config_syntax",
            "facts": {"line": 2, "seen": "no", "wanted": "`:` or `{`"},
        }
    ]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"name": "nothing"}, 404),
        ({"run": "nobody", "name": "default:00000"}, 404),
        ({}, 400),
        ({"name": "default:00000", "index": 2}, 400),
        ({"name": "default:00000", "index": "x"}, 400),
        ({"name": "default:00000", "index": 0, "metric": "manhattan"}, 400),
        ({"name": "default:00000", "index": 0, "count": 0}, 400),
        ({"name": "default:00000", "index": 0}, 200),
    ],
)
def test_bad_questions(tmp_path: Path, query: dict[str, Any], status: int) -> None:
    embedding(np.array([[1.5, 2.5], [0.1, 7]])).write(tmp_path)
    assert client(tmp_path).get("/neighbours", {"run": ".", **query}).status_code == status


def test_the_same_step_written_again_is_seen(tmp_path: Path) -> None:
    room = None
    for value in (0.1, 0.2):
        embedding(np.full((2, 2), value)).write(tmp_path)
        room = room or client(tmp_path)
        assert columns(room, "/tensor", name="default:00000")["values"].tolist() == [np.float32(value)] * 4
        assert columns(room, "/pca", name="default:00000")["finite"] == 2


RAW = np.array([[1.5, -2], [0.1, np.inf]], np.float32)


@pytest.mark.parametrize("name", ["t.bytes", "t.tsv", "t", "t.npy"])
@pytest.mark.parametrize("form", ["raw", "text"])
def test_raw_and_text_are_told_apart(name: str, form: str) -> None:
    data = RAW.tobytes() if form == "raw" else encode_tsv(RAW)
    if (name, form) == ("t.bytes", "text"):
        with pytest.raises(DecodeError, match="bytes"):
            decode_tensor(data, (2, 2), name)
    else:
        np.testing.assert_array_equal(decode_tensor(data, (2, 2), name).matrix, RAW)


@pytest.mark.parametrize(
    ("data", "shape", "words"),
    [
        (b"1\t2\n3\n", (), "row 2 of the tensor has 1 numbers, the rows before it 2"),
        (b"1\tx\n", (), "could not convert"),
        (b"1\t\n", (), "could not convert"),
        (b"1\t2\n", (2, 3), "the tensor file is 1×2, the config says 2×3"),
        (b"1\t2\n3\t4\n", (1, 2), "the tensor file is 2×2, the config says 1×2"),
        (b"\xff\xff\x00", (1, 1), "3 bytes; wanted 4 for each of 1×1"),
        (b"\xff\xff\xff\xff", (), "wanted two sizes"),
        (b"\xff\xff\xff\xff", (2**31, 2**31), "wanted 4 for each"),
    ],
)
def test_files_that_hold_no_matrix(data: bytes, shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        decode_tensor(data, shape, "t.tsv")


def test_text_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    from cupola.plugins.projector import decode

    matrix = np.random.default_rng(0).standard_normal((200, 3)).astype(np.float32)
    monkeypatch.setattr(decode, "_PIECE_BYTES", 100)
    text = encode_tsv(matrix)
    for variant in (text, text.rstrip(), text.replace(b"\n", b"\r\n"), text.replace(b"\n", b"\n\n")):
        np.testing.assert_array_equal(decode_tensor(variant, (), "t.tsv").matrix, matrix)
    assert decode_tensor(b"", (), "t.tsv").matrix.shape == (0, 0)
    assert decode_tensor(b"", (0, 5), "t.tsv").matrix.shape == (0, 5)


def cells(data: bytes, count: int) -> dict[str, list[str]]:
    found = decode_metadata(data, count).columns
    return {column.name: [column.values[code] for code in column.codes] for column in found}


@pytest.mark.parametrize(
    ("data", "count", "wanted"),
    [
        (b"a\nb\n", 2, {"label": ["a", "b"]}),
        (b"a\r\nb", 2, {"label": ["a", "b"]}),
        (b"name\na\nb\n", 2, {"name": ["a", "b"]}),
        (b"a\n\nb\n", 3, {"label": ["a", "", "b"]}),
        (b"a\n\nb\n", 2, {"label": ["a", "b"]}),
        ("\u200b\nb\n".encode(), 2, {"label": ["", "b"]}),
        (b"x\ty\n1\t2\n3\n", 3, {"x": ["1", "3", ""], "y": ["2", "", ""]}),
        (b"x\tx\n1\t2\n3\t4\n5\t6\n", 2, {"x": ["1", "3"], "x (2)": ["2", "4"]}),
        (b"__proto__\tconstructor\n1\t2\n", 1, {"__proto__": ["1"], "constructor": ["2"]}),
        (b"\xff\n", 1, {"label": ["\\xff"]}),
        ("a\u2028b\x0bc\n".encode(), 1, {"label": ["a\u2028b\x0bc"]}),
        (b"", 0, {"label": []}),
    ],
)
def test_metadata_forms(data: bytes, count: int, wanted: dict[str, list[str]]) -> None:
    assert cells(data, count) == wanted


def test_distinct_values_are_in_natural_order() -> None:
    (column,) = decode_metadata(b"c10\nc2\nc2\n", 3).columns
    assert (column.values, column.numeric) == (["c2", "c10"], False)
    (column,) = decode_metadata(b"10\nnan\n-2\n\n3e0\n", 5).columns
    assert (column.values, column.numeric) == (["-2", "3e0", "10", "nan", ""], True)
    assert decode_metadata(b"1\n2\n3\n", 2).rows == 2


def bits(chosen: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(np.packbits(chosen, bitorder="little").tobytes()).decode()


def test_the_rows_of_a_selection_are_those_of_the_tensor(tmp_path: Path) -> None:
    matrix = np.random.default_rng(2).standard_normal((37, 5)).astype(np.float32)
    embedding(matrix, None, None, 0, "t").write(tmp_path)
    room, name = client(tmp_path), {"run": ".", "name": "t:00000"}
    for chosen in (np.arange(37) % 3 == 1, np.zeros(37, bool), np.ones(37, bool)):
        answer = room.post("/rows", {**name, "points": bits(chosen)})
        lines = answer.text.splitlines()
        got = np.array([[float(cell) for cell in line.split("\t")] for line in lines], np.float32)
        assert np.array_equal(got.reshape(-1, 5), matrix[chosen])
    for wrong in ("!", bits(np.ones(200, bool)), "", 5, None):
        assert room.post("/rows", {**name, "points": wrong}).status_code == 400


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "dot"])
def test_neighbours_are_numpys(tmp_path: Path, metric: str) -> None:
    matrix = np.random.default_rng(3).standard_normal((200, 7)).astype(np.float32)
    matrix[[5, 9], 2] = np.nan, np.inf
    embedding(matrix, None, None, 0, "t").write(tmp_path)
    answer = client(tmp_path).get(
        "/neighbours", {"run": ".", "name": "t:00000", "index": 4, "count": 30, "metric": metric}
    )
    exact = matrix.astype(np.float64)
    with np.errstate(invalid="ignore"):
        away = {
            "cosine": 1 - exact @ exact[4] / np.linalg.norm(exact, axis=1) / np.linalg.norm(exact[4]),
            "euclidean": np.linalg.norm(exact - exact[4], axis=1),
            "dot": -(exact @ exact[4]),
        }[metric]
    away[[4, 5, 9]] = np.inf
    order = np.argsort(away)[:30]
    assert answer.json()["indices"] == order.tolist()
    assert answer.json()["distances"] == pytest.approx(away[order].tolist())


def test_metadata_that_cannot_be_read_leaves_the_rest(tmp_path: Path) -> None:
    embedding(np.eye(3), ["a", "b", "c"], np.zeros((3, 1, 4, 4)), 0, "t").write(tmp_path)
    (tmp_path / "00000" / "t" / "metadata.tsv").unlink()
    room, query = client(tmp_path), {"run": ".", "name": "t:00000"}
    assert room.get("/metadata", query).status_code == 404
    rest = decode_columns(room.get("/metadata", {**query, "columns": 0}).content)
    assert rest["columns"] == [] and rest["sprite"]["size"] == [8, 8]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'[{"label": "x", "dataSetDimensions": [3, 3]}]', 200),
        (b"[]", 200),
        (b"{}", 422),
        (b"[", 422),
        (b"\xff", 422),
        (b"[" * 100_000, 422),
    ],
)
def test_bookmarks_of_the_config(tmp_path: Path, content: bytes, status: int) -> None:
    embedding(np.eye(3), None, None, 0, "t").write(tmp_path)
    room, query = client(tmp_path), {"run": ".", "name": "t:00000"}
    assert room.get("/bookmarks", query).json() == {"bookmarks": []}
    config = tmp_path / FILE
    config.write_text(config.read_text().replace("embeddings {", 'embeddings { bookmarks_path: "b.json"'))
    (tmp_path / "b.json").write_bytes(content)
    room = client(tmp_path)
    assert room.get("/embeddings", {}).json()["embeddings"][0]["bookmarks"] is True
    answer = room.get("/bookmarks", query)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json() == {"bookmarks": json.loads(content)}


def test_bookmarks_outside_the_run_are_refused(tmp_path: Path) -> None:
    embedding(np.eye(3), None, None, 0, "t").write(tmp_path / "run")
    (tmp_path / "b.json").write_text("[]")
    config = tmp_path / "run" / FILE
    config.write_text(config.read_text().replace("embeddings {", 'embeddings { bookmarks_path: "../b.json"'))
    assert client(tmp_path).get("/bookmarks", {"run": "run", "name": "t:00000"}).status_code == 404
