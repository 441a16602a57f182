"""What is wrong with one part of an embedding is said of that part, and the rest is shown: a walk over what
any writer's files can be.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.support.room_client import RoomClient

from cupola.columns import decode_columns
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.plugins.projector import api
from cupola.plugins.projector.config import FILE
from cupola.plugins.projector.encode import embedding

MATRIX = np.arange(12, dtype=np.float32).reshape(4, 3) ** 2
TSV = b"1\t2\t3\n4\t5\t7\n7\t8\t8\n9\t8\t1\n"
LABELS = b"a\nb\nc\nd\n"


def changed(*values: tuple[int, int, float]) -> bytes:
    matrix = MATRIX.copy()
    for row, column, value in values:
        matrix[row, column] = value
    return matrix.tobytes()


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((height, width), 200, np.uint8)).save(file, "png")
    return file.getvalue()


@dataclass(frozen=True)
class Case:
    """Files of an embedding, and what is to come of them; by default four good points in three dimensions."""

    name: str
    tensor: bytes | None = MATRIX.tobytes()
    labels: bytes | None = LABELS
    sprite: bytes | None = png(8, 8)
    tile: str = "single_image_dim: [4, 4]"
    shape: tuple[int, ...] | None = (4, 3)
    path: str = "t.bytes"
    more: str = ""
    # What is to come of it: a number that must be there, or words of the refusal.
    finite: int | str = 4
    rows: int | str = 4
    tiles: int | str = 1
    declared: int | None = None
    first: str = "a"
    """Label of the first point."""


CASES = [
    Case("nothing is wrong"),
    Case("a NaN", changed((1, 1, np.nan)), finite=3),
    Case("an infinity", changed((1, 1, -np.inf), (2, 0, np.inf)), finite=2),
    Case("no finite row", changed(*[(row, row % 3, np.nan) for row in range(4)]), finite=0),
    Case("a constant column", changed(*[(row, 0, 7) for row in range(4)])),
    Case("equal rows", np.ones((4, 3), np.float32).tobytes()),
    Case("huge and tiny numbers", changed((0, 0, 3e38), (1, 0, -3e38), (2, 1, 1e-40))),
    Case("one point", MATRIX[:1].tobytes(), b"a\n", shape=(1, 3), finite=1, rows=1),
    Case("two points", MATRIX[:2].tobytes(), b"a\nb\n", shape=(2, 3), finite=2, rows=2),
    Case("one column", MATRIX[:, 0].tobytes(), shape=(4, 1)),
    Case("no columns", b"", shape=(4, 0), rows=4),
    Case("no rows", b"", b"", shape=(0, 3), finite=0, rows=0),
    Case("no rows of giant width", b"", b"", shape=(0, 2**45), finite=0, rows=0),
    Case("no rows in text", b"", b"", shape=None, path="t.tsv", finite=0, rows=0),
    Case("text", TSV, shape=None, path="t.tsv"),
    Case("text with a BOM", b"\xef\xbb\xbf" + TSV, shape=None, path="t.tsv"),
    Case("text with CRLF", TSV.replace(b"\n", b"\r\n"), shape=None, path="t.tsv"),
    Case("text with NaN", TSV.replace(b"5", b"nan"), shape=None, path="t.tsv", finite=3),
    Case("a dot before the path", path="./t.bytes"),
    # -- tensors that are cut or no tensors
    Case("cut after a row", MATRIX.tobytes()[:24], finite=2, declared=4),
    Case("cut within a number", MATRIX.tobytes()[:-3], finite=3, declared=4),
    Case("cut to nothing", b"", finite="0 bytes", rows="0 bytes"),
    Case("text cut within a row", TSV[:-4], shape=(4, 3), path="t.tsv", finite=3, declared=4),
    Case("text cut after a row", TSV[:12], shape=(4, 3), path="t.tsv", finite=2, declared=4),
    Case("text of unknown length cut", TSV[:-4], shape=None, path="t.tsv", finite=3, declared=4),
    Case("more than the config says", MATRIX.tobytes() + b"\0" * 12, finite="4 for each of 4×3", rows="4×3"),
    Case("ragged text", b"1\t2\n3\n4\t5\n", shape=None, path="t.tsv", finite="row 2", rows="row 2"),
    Case("words", b"x\ty\n", shape=None, path="t.tsv", finite="could not convert", rows="could not convert"),
    Case("no tensor file", None, finite="no file", rows="no file"),
    Case("a shape of one size", shape=(12,), finite="two sizes", rows="two sizes"),
    Case("a giant shape", shape=(2**40, 2**20), finite="wanted", rows="wanted"),
    # -- metadata
    Case("labels are missing", labels=None, rows="no file"),
    Case("labels are empty", labels=b"", rows=0),
    Case("too few labels", labels=b"a\nb\n", rows=2),
    Case("too many labels", labels=LABELS + b"e\nf\n", rows=6),
    Case("labels with a BOM", labels=b"\xef\xbb\xbf" + LABELS, first="a"),
    Case("labels with CRLF", labels=LABELS.replace(b"\n", b"\r\n")),
    Case("labels with a header", labels=b"x\ty\n" + b"1\t2\n" * 4),
    Case("labels with a ragged row", labels=b"x\ty\n1\n1\t2\n1\t2\t3\n\n"),
    Case("labels of no text", labels=bytes(range(14, 256)) + b"\nb\nc\nd\n"),
    # -- sprites
    Case("the sprite is missing", sprite=None, tiles="no file"),
    Case("the sprite is no image", sprite=b"no image", tiles="no image"),
    Case("the sprite is cut", sprite=png(8, 8)[:-30], tiles="no image"),
    Case("the sprite is too small", sprite=png(2, 2), tiles="room for an image"),
    Case("too few images", sprite=png(4, 4)),
    Case("no size of an image", tile="", tiles="single_image_dim"),
    Case("an image without height", tile="single_image_dim: [4, 0]", tiles="single_image_dim"),
    # -- configs
    Case("unknown fields", more='future: 7 nested { a: "b" }'),
    Case("bookmarks that are not there", more='bookmarks_path: "nowhere.txt"'),
]


def config_of(case: Case) -> str:
    sizes = "".join(f"tensor_shape: {size} " for size in case.shape or ())
    sprite = f'sprite {{ image_path: "s.png" {case.tile} }}'
    paths = f'tensor_path: "{case.path}" metadata_path: "labels.tsv"'
    return f'embeddings {{ tensor_name: "t" {sizes} {paths} {sprite} {case.more} }}\n'


def room_of(logdir: Path) -> RoomClient:
    provider = LocalProvider(logdir, plugins().values())
    provider.poll()
    return RoomClient(api, provider)


def check(answer: Any, wanted: int | str, found: str) -> None:
    """The number, or the refusal that says it in words; never a fault of the server's own."""
    if isinstance(wanted, str):
        assert answer.status_code in (404, 410, 422), answer.text
        assert wanted in answer.text
        return
    assert answer.status_code == 200, answer.text
    if found:
        assert decode_columns(answer.content)[found] == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.filterwarnings("error")
def test_what_is_wrong_with_a_part_is_said_and_the_rest_is_shown(tmp_path: Path, case: Case) -> None:
    run = tmp_path / "run"
    embedding(MATRIX, ["a", "b", "c", "d"], None, 3, "good").write(run)
    embedding(MATRIX, ["a", "b", "c", "d"], None, 3, "good").write(tmp_path / "other")
    (run / FILE).write_text((run / FILE).read_text() + config_of(case))
    for name, data in ((case.path, case.tensor), ("labels.tsv", case.labels), ("s.png", case.sprite)):
        if data is not None:
            (run / name).write_bytes(data)
    room = room_of(tmp_path)
    listed = room.get("/embeddings", {}).json()
    assert listed["problems"] == []
    assert [(item["run"], item["tag"]) for item in listed["embeddings"]] == [
        ("other", "good"),
        ("run", "good"),
        ("run", "t"),
    ]
    this = {"run": "run", "name": "t"}
    projection = room.get("/pca", this)
    check(projection, case.finite, "finite")
    if projection.status_code == 200:
        document = decode_columns(projection.content)
        assert document.get("declared_rows") == case.declared
        for component in document["components"]:
            assert np.isfinite(component).sum() == case.finite
    metadata = room.get("/metadata", this)
    check(metadata, case.rows, "rows")
    if metadata.status_code == 200:
        columns = decode_columns(metadata.content)["columns"]
        firsts = [column["values"][column["codes"][0]] for column in columns if len(column["codes"])]
        assert case.first in (*firsts, "a")
    check(room.get("/metadata", {**this, "columns": 0}), 0, "rows")
    check(room.post("/sprite/tiles", {**this, "indices": [0], "size": 4}), case.tiles, "")
    for path in ("/tensor", "/bookmarks", "/sprite"):
        assert room.get(path, this).status_code in (200, 404, 422)
    assert room.get("/neighbours", {**this, "index": 0}).status_code in (200, 400, 404, 422)
    for run_name in ("run", "other"):
        good = {"run": run_name, "name": "good:00003"}
        check(room.get("/pca", good), 4, "finite")
        check(room.get("/metadata", good), 4, "rows")


@pytest.mark.parametrize(
    "text",
    ["embeddings {", "embeddings { tensor_shape: -1 }", "\0", "}", "embeddings { tensor_name: 'a\n' }"],
)
def test_a_broken_config_is_its_runs_own_matter(tmp_path: Path, text: str) -> None:
    embedding(MATRIX, None, None, 3, "good").write(tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / FILE).write_text(text)
    room = room_of(tmp_path)
    listed = room.get("/embeddings", {}).json()
    assert [item["run"] for item in listed["embeddings"]] == ["good"]
    (problem,) = listed["problems"]
    assert problem["run"] == "bad" and FILE in problem["problem"]
    check(room.get("/pca", {"run": "good", "name": "good:00003"}), 4, "finite")
