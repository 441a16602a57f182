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


def graph(provider: MemoryProvider, **params: Any) -> Any:
    answer = client(provider).get("/graph", {"run": "train", **params})
    assert answer.status_code == 200, answer.text
    return decode_columns(answer.content)


def test_several_graphs_of_a_run_are_listed_and_the_newest_is_the_default() -> None:
    provider = MemoryProvider()
    provider.add(RUN_GRAPH, 0, 1.0, encode_graph(NODES[:1]))
    provider.add(RUN_GRAPH, 5, 2.0, encode_graph(NODES))
    listed = client(provider).get("/list", {}).json()["graphs"]
    assert [(item["run"], item["index"], item["step"], item["kind"]) for item in listed] == [
        ("train", 0, 0, "op"),
        ("train", 1, 5, "op"),
    ]
    assert len(graph(provider)["name"]) == 3
    assert len(graph(provider, index=0)["name"]) == 1


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
    assert [item["tag"] for item in client(provider).get("/list", {}).json()["graphs"]] == ["__run_graph__"]


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
    listed = client(provider).get("/list", {}).json()["graphs"]
    assert sorted((item["tag"], item["kind"]) for item in listed) == [
        ("batch_2", "profile"),
        ("keras", "keras"),
    ]
    assert graph(provider, tag="keras")["name"] == ["d"]
    assert graph(provider, tag="batch_2")["name"] == [node.name for node in NODES]


def test_wrong_questions() -> None:
    provider = MemoryProvider()
    provider.add(RUN_GRAPH, 0, 1.0, encode_graph(NODES))
    ask = client(provider)
    assert ask.get("/graph", {}).status_code == 400
    assert ask.get("/graph", {"run": "nowhere"}).status_code == 404
    assert ask.get("/graph", {"run": "train", "index": 7}).status_code == 404
    assert ask.get("/graph", {"run": "train", "index": "x"}).status_code == 400


@pytest.mark.parametrize("data", [b"\x0a\xff", b"\xff" * 9])
def test_a_damaged_graph_is_said_to_be_one(data: bytes) -> None:
    provider = MemoryProvider()
    provider.add(RUN_GRAPH, 0, 1.0, data)
    assert client(provider).get("/graph", {"run": "train"}).status_code == 422
