"""The text room from bytes to answers, against what tensorboardX, torch and TensorBoard write and read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.util import tensor_util
from tests.support.memory_provider import MemoryProvider
from tests.support.room_client import RoomClient

from cupola.columns import decode_columns
from cupola.errors import DecodeError
from cupola.plugins.text import api
from cupola.plugins.text.decode import decode, display_tag
from cupola.types import SeriesKey

GOLDEN = Path(__file__).parents[2] / "golden" / "text"
NOTES = SeriesKey("train", "text", "notes")


def value(data: Any) -> bytes:
    return text_pb("notes", data).value[0].SerializeToString()


@pytest.mark.parametrize("peer", ["tensorboardX", "torch"])
def test_reads_what_the_peers_write(peer: str, tmp_path: Path) -> None:
    if peer == "torch":
        from torch.utils.tensorboard import SummaryWriter
    else:
        from tensorboardX import SummaryWriter
    shown = ["# Title", "", "两个字 <b>&amp;</b>", "x" * 100_000]
    with SummaryWriter(str(tmp_path)) as writer:
        for step, text in enumerate(shown):
            writer.add_text("notes", text, step)
    provider = MemoryProvider().load("train", tmp_path)
    key = NOTES._replace(tag="notes/text_summary")
    assert display_tag(key.tag) == "notes"
    texts = [decode(provider.read(key)) for key in provider.blobs(key).key]
    assert [text.strings for text in texts] == [(text,) for text in shown]
    assert {text.shape for text in texts} == {()}


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 2, 3), (0,)])
def test_keeps_the_shape_of_tensors(shape: tuple[int, ...]) -> None:
    data = np.array([f"cell {i}".encode() for i in range(int(np.prod(shape)))], object).reshape(shape)
    text = decode(value(data) if shape else value("cell 0"))
    assert text.shape == (() if shape == (1,) else shape)
    assert text.strings == tuple(f"cell {i}" for i in range(int(np.prod(shape))))


def test_bytes_that_are_not_utf8_are_shown_as_escapes() -> None:
    assert decode(value(np.array(b"a\xffb", object))).strings == ("a\\xffb",)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Summary.Value(simple_value=1), "form 2"),
        (Summary.Value(tensor=tensor_util.make_tensor_proto([1, 2])), "strings"),
    ],
)
def test_says_why_a_value_is_no_text(bad: Summary.Value, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        decode(bad.SerializeToString())


def test_a_claimed_shape_needs_its_strings() -> None:
    lying = Summary.Value(tensor=tensor_util.make_tensor_proto([b"a"]))
    lying.tensor.tensor_shape.dim[0].size = 1 << 40
    with pytest.raises(DecodeError, match="with 1 strings"):
        decode(lying.SerializeToString())


def provider_of(*texts: str) -> MemoryProvider:
    provider = MemoryProvider()
    for step, text in enumerate(texts):
        provider.add(NOTES, step * 10, 100.0 + step, value(text))
    return provider


def test_steps_points_and_search() -> None:
    provider = provider_of("first Words", "second", "third words")
    provider.add(NOTES, 30, 103.0, b"\xff")
    provider.add(NOTES._replace(run="other"), 0, 1.0, value(np.array([[b"a", b"Words"]], object)))
    web = RoomClient(api, provider)
    steps = decode_columns(web.post("/steps", json={"tag": "notes", "runs": ["train"]}).content)["series"]
    assert [series["run"] for series in steps] == ["train"]
    assert steps[0]["step"].tolist() == [0, 10, 20, 30]

    answer = web.get("/points", params={"run": "train", "tag": "notes", "start": 2, "count": 9}).json()
    third, damaged = answer["points"]
    assert answer["next"] is None
    assert (third["index"], third["step"], third["shape"], third["strings"]) == (2, 20, [], ["third words"])
    assert (damaged["strings"], damaged["step"]) == ([], 30)
    assert "byte" in damaged["damaged"]

    found = web.post("/search", json={"tag": "notes", "query": "WORDS"}).json()["runs"]
    assert found == {"other": [0], "train": [0, 2]}
    assert web.post("/search", json={"tag": "notes", "query": "none"}).json()["runs"]["train"] == []


def test_long_answers_come_in_parts() -> None:
    provider = provider_of(*["x" * 1_500_000] * 5)
    web, start, seen = RoomClient(api, provider), 0, []
    while start is not None:
        answer = web.get(
            "/points", params={"run": "train", "tag": "notes", "start": start, "count": 5}
        ).json()
        seen += [point["index"] for point in answer["points"]]
        assert len(answer["points"]) in (1, 2)
        start = answer["next"]
    assert seen == [0, 1, 2, 3, 4]


def test_unknown_series_and_bad_questions() -> None:
    web = RoomClient(api, provider_of("a"))
    assert web.get("/points", params={"run": "none", "tag": "notes", "start": 0}).status_code == 404
    assert web.get("/points", params={"run": "train", "tag": "notes", "start": "x"}).status_code == 400
    assert web.get("/points", params={"run": "train", "tag": "notes", "start": 7}).json()["points"] == []


def test_golden_files() -> None:
    """The strings in the golden file are those that TensorBoard reads; our answers are as they were."""
    provider = MemoryProvider().load("train", GOLDEN)
    wanted = json.loads((GOLDEN / "decoded.json").read_text("utf-8"))
    for key, theirs in zip(provider.blobs(NOTES).key, wanted, strict=False):
        text = decode(provider.read(key))
        assert [list(text.shape), list(text.strings)] == [theirs["shape"], theirs["strings"]]
    answer = RoomClient(api, provider).get(
        "/points", {"run": "train", "tag": "notes", "start": 0, "count": 9}
    )
    assert answer.content == (GOLDEN / "points.json").read_bytes()
