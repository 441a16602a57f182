"""The graphs room's routes over what both peers, cupola and TensorFlow log."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.proto.event_pb2 import TaggedRunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.util import tensor_util
from tests.support.memory_provider import MemoryProvider
from tests.support.room_client import RoomClient

from cupola.columns import decode_columns
from cupola.plugins.graphs import api
from cupola.plugins.graphs.graph_def import Node, encode_graph, encode_run_metadata, encode_tagged
from cupola.types import SeriesKey

RUN_GRAPH = SeriesKey("train", "graphs", "__run_graph__")
RUN_METADATA = SeriesKey("train", "graphs", "__run_metadata__")

NODES = [
    Node("input/x", "IO Node", [], [(1, 3)], ["float32"]),
    Node("Net/Linear[a]/weight", "Parameter", [], [(4, 3)], ["float32"]),
    Node("Net/Linear[a]/linear", "linear", ["input/x", "Net/Linear[a]/weight"], [(1, 4)], ["float32"]),
]


def tensor_value(tag: str, plugin: str, content: bytes) -> tuple[bytes, bytes]:
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=plugin))
    proto = tensor_util.make_tensor_proto(np.array(content, object))
    value = Summary.Value(tag=tag, tensor=proto, metadata=metadata)
    return value.SerializeToString(), metadata.SerializeToString()


def client(provider: MemoryProvider) -> RoomClient:
    return RoomClient(api, provider)


def listed(provider: MemoryProvider) -> list[dict[str, Any]]:
    graphs: list[dict[str, Any]] = client(provider).get("/list", {}).json()["graphs"]
    return graphs


def graph(provider: MemoryProvider, tag: str = RUN_GRAPH.tag) -> Any:
    """The newest under a tag of the run."""
    key = next(item["key"] for item in reversed(listed(provider)) if item["tag"] == tag)
    answer = client(provider).get("/graph", {"key": key})
    assert answer.status_code == 200, answer.text
    return decode_columns(answer.content)


def test_graphs_are_listed_and_answered_by_key() -> None:
    provider = MemoryProvider()
    other = RUN_GRAPH._replace(run="other")
    provider.add(RUN_GRAPH, 0, 1.0, encode_graph(NODES[:1]))
    provider.add(RUN_GRAPH, 5, 2.0, encode_graph(NODES))
    provider.add(other, 0, 1.0, encode_graph(NODES))
    keys = [*provider.blobs(other).key, *provider.blobs(RUN_GRAPH).key]
    wanted = [("other", 0, keys[0]), ("train", 0, keys[1]), ("train", 5, keys[2])]
    assert [(item["run"], item["step"], item["key"]) for item in listed(provider)] == wanted
    for key, run, count in zip(keys, ("other", "train", "train"), (3, 1, 3), strict=True):
        answer = decode_columns(client(provider).get("/graph", {"key": key}).content)
        assert (answer["run"], answer["tag"], answer["key"]) == (run, "__run_graph__", key)
        assert len(answer["name"]) == count


def test_only_the_newest_are_listed_but_each_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MAX_ENTRIES", 2)
    provider = MemoryProvider()
    for step in range(5):
        provider.add(RUN_GRAPH, step, 1.0, encode_graph(NODES))
    keys = list(provider.blobs(RUN_GRAPH).key)
    assert [(item["step"], item["key"]) for item in listed(provider)] == [(3, keys[3]), (4, keys[4])]
    assert client(provider).get("/graph", {"key": keys[0]}).status_code == 200


def test_metadata_that_comes_later_is_merged_and_what_did_not_change_is_not_read_again() -> None:
    provider = MemoryProvider()
    provider.add(RUN_GRAPH, 0, 1.0, encode_graph(NODES))
    key = {"key": provider.blobs(RUN_GRAPH).key[0]}
    first = client(provider).get("/graph", key)
    assert first.headers["cache-control"] == "private, no-cache"
    has = {"If-None-Match": first.headers["etag"]}
    again = client(provider).get("/graph", key, has)
    assert (again.status_code, again.content, provider.reads) == (304, b"", 1)
    assert again.headers["etag"] == first.headers["etag"]
    provider.add(RUN_METADATA._replace(run="other"), 0, 1.0, encode_tagged(encode_run_metadata(NODES[2:])))
    assert client(provider).get("/graph", key, has).status_code == 304, "of another run"
    provider.add(RUN_METADATA, 0, 1.0, encode_tagged(encode_run_metadata(NODES[2:])))
    merged = client(provider).get("/graph", key, has)
    assert merged.status_code == 200 and merged.headers["etag"] != first.headers["etag"]
    assert decode_columns(merged.content)["stats"]["bytes"].tolist() == [0, 0, 16]


def test_a_run_that_goes_meanwhile_costs_no_other_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = MemoryProvider()
    for run in ("a", "b"):
        provider.add(RUN_GRAPH._replace(run=run), 0, 1.0, encode_graph(NODES))
    before = provider.series("graphs")
    provider.remove("a")
    monkeypatch.setattr(provider, "series", lambda plugin: before)
    (kept,) = listed(provider)
    assert kept["run"] == "b"
    assert client(provider).get("/graph", {"key": kept["key"]}).status_code == 200


def test_memory_of_activations_is_merged_by_name() -> None:
    provider = MemoryProvider()
    provider.add(RUN_GRAPH, 0, 1.0, encode_graph(NODES))
    provider.add(RUN_METADATA, 0, 1.0, encode_tagged(encode_run_metadata(NODES[2:])))
    other = [Node("elsewhere", "op", [], [(9,)], ["float32"])]
    provider.add(RUN_METADATA, 1, 2.0, encode_tagged(encode_run_metadata(other), "other"))
    answer = graph(provider)
    assert answer["stats_tag"] == "step1"
    assert answer["stats"]["bytes"].tolist() == [0, 0, 16]
    assert answer["parameters"] == 12
    assert [item["tag"] for item in listed(provider)] == ["__run_graph__"]


def test_damaged_metadata_costs_its_numbers_not_the_graph() -> None:
    provider = MemoryProvider()
    provider.add(RUN_GRAPH, 0, 1.0, encode_graph(NODES))
    provider.add(RUN_METADATA, 0, 1.0, b"\xff\xff\xff")
    assert graph(provider)["stats"] is None


def test_torchs_empty_metadata_gives_no_numbers() -> None:
    provider = MemoryProvider()
    provider.add(RUN_GRAPH, 0, 1.0, encode_graph(NODES))
    tagged = TaggedRunMetadata(tag="step1", run_metadata=RunMetadata().SerializeToString())
    provider.add(RUN_METADATA, 0, 1.0, tagged.SerializeToString())
    assert graph(provider)["stats"] is None


def test_keras_models_and_profiled_graphs_are_listed_with_their_kind() -> None:
    provider = MemoryProvider()
    model = {
        "class_name": "Sequential",
        "config": {"layers": [{"class_name": "Dense", "config": {"name": "d"}}]},
    }
    value, metadata = tensor_value("keras", "graph_keras_model", json.dumps(model).encode())
    provider.add(SeriesKey("train", "graphs", "keras"), 0, 1.0, value, metadata)
    profiled = RunMetadata()
    profiled.function_graphs.add().pre_optimization_graph.CopyFrom(GraphDef.FromString(encode_graph(NODES)))
    value, metadata = tensor_value("batch_2", "graph_run_metadata_graph", profiled.SerializeToString())
    provider.add(SeriesKey("train", "graphs", "batch_2"), 0, 1.0, value, metadata)
    assert sorted((item["tag"], item["kind"]) for item in listed(provider)) == [
        ("batch_2", "profile"),
        ("keras", "keras"),
    ]
    assert graph(provider, tag="keras")["name"] == ["d"]
    assert graph(provider, tag="batch_2")["name"] == [node.name for node in NODES]


def test_wrong_questions() -> None:
    provider = MemoryProvider()
    provider.add(RUN_GRAPH, 0, 1.0, encode_graph(NODES))
    provider.add(RUN_METADATA, 0, 1.0, encode_tagged(encode_run_metadata(NODES)))
    provider.add(SeriesKey("train", "text", "notes"), 0, 1.0, b"a text")
    ask = client(provider)
    assert ask.get("/graph", {}).status_code == 400
    assert ask.get("/graph", {"run": "train"}).status_code == 400
    for key in ("", "gone", "../secret", "x" * 10_000):
        assert ask.get("/graph", {"key": key}).status_code == 404
    for series in (RUN_METADATA, SeriesKey("train", "text", "notes")):
        answer = ask.get("/graph", {"key": provider.blobs(series).key[0]})
        assert answer.status_code == 404 and "no graph has the key" in answer.text


@pytest.mark.parametrize("data", [b"\x0a\xff", b"\xff" * 9])
def test_a_damaged_graph_is_said_to_be_one(data: bytes) -> None:
    provider = MemoryProvider()
    provider.add(RUN_GRAPH, 0, 1.0, data)
    key = provider.blobs(RUN_GRAPH).key[0]
    assert client(provider).get("/graph", {"key": key}).status_code == 422
