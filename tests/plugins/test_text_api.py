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

    keys = list(provider.blobs(NOTES).key)
    assert list(steps[0]["key"]) == keys

    answer = web.post("/points", json={"keys": [keys[2], keys[3]]}).json()
    third, damaged = answer["points"]
    assert answer["next"] is None
    assert third == {"key": keys[2], "shape": [], "strings": ["third words"]}
    assert damaged["key"] == keys[3] and "strings" not in damaged
    assert "byte" in damaged["damaged"]

    found = web.post("/search", json={"tag": "notes", "query": "WORDS"}).json()["series"]
    other = list(provider.blobs(NOTES._replace(run="other")).key)
    assert found == [{"run": "other", "key": other}, {"run": "train", "key": [keys[0], keys[2]]}]
    none = web.post("/search", json={"tag": "notes", "runs": ["train"], "query": "none"}).json()["series"]
    assert none == [{"run": "train", "key": []}]


def test_long_answers_come_in_parts() -> None:
    provider = provider_of(*["x" * 1_500_000] * 5)
    web, keys, seen = RoomClient(api, provider), list(provider.blobs(NOTES).key), []
    while keys:
        answer = web.post("/points", json={"keys": keys}).json()
        seen += [point["key"] for point in answer["points"]]
        assert 1 <= len(answer["points"]) <= 3
        keys = keys[answer["next"] :] if answer["next"] is not None else []
    assert seen == list(provider.blobs(NOTES).key)


def test_unknown_points_and_bad_questions() -> None:
    web = RoomClient(api, provider_of("a"))
    assert web.post("/steps", json={"tag": "none"}).status_code == 200
    (point,) = web.post("/points", json={"keys": ["none"]}).json()["points"]
    assert point["damaged"]
    assert web.post("/points", json={"keys": []}).json()["points"] == []
    for body in ({}, {"keys": "a"}, {"keys": [1]}):
        assert web.post("/points", json=body).status_code == 400
    for search in ({"tag": "notes"}, {"tag": "notes", "query": 3}, {"query": "a"}):
        assert web.post("/search", json=search).status_code == 400


def test_golden_files() -> None:
    """The strings in the golden file are those that TensorBoard reads; our answers are as they were."""
    provider = MemoryProvider().load("train", GOLDEN)
    wanted = json.loads((GOLDEN / "decoded.json").read_text("utf-8"))
    for key, theirs in zip(provider.blobs(NOTES).key, wanted, strict=False):
        text = decode(provider.read(key))
        assert [list(text.shape), list(text.strings)] == [theirs["shape"], theirs["strings"]]
    answer = RoomClient(api, provider).post("/points", json={"keys": list(provider.blobs(NOTES).key)})
    assert answer.content == (GOLDEN / "points.json").read_bytes()
