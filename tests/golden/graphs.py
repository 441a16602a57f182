"""Writes golden/graphs: one event file with four graphs, what protobuf reads in it, what we answer.

Run it after a deliberate change of an answer or of the recorder, and look at the difference (`make golden`).
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

from tensorboard.compat.proto.event_pb2 import Event, TaggedRunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.summary.writer.record_writer import RecordWriter
from tests.support.event_files import read_file
from tests.support.graph_models import seven

from cupola.columns import encode_columns
from cupola.plugins.graphs.decode import columns, decode_graph
from cupola.plugins.graphs.encode import graph as record

GOLDEN = Path(__file__).parents[2] / "golden" / "graphs"
FILE = GOLDEN / "events.out.tfevents.1700000000.golden"
NAMES = ("vgg16", "encoder", "traced_convnet", "traced_lstm")
"""The graphs in their order in the file; traced ones are torch.utils.tensorboard's."""


def write_events() -> None:
    with FILE.open("wb") as file:
        writer = RecordWriter(file)

        def add(**members: Any) -> None:
            writer.write(Event(wall_time=1_700_000_000.0, **members).SerializeToString())

        add(file_version="brain.Event:2")
        for step, name in enumerate(NAMES):
            model, given = seven()[name.removeprefix("traced_")]
            if name.startswith("traced_"):
                from torch.utils.tensorboard._pytorch_graph import graph as trace

                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    traced, _ = trace(model, given)
                add(step=step, graph_def=traced.SerializeToString(deterministic=True))
            else:
                graph_def, metadata = record(model, given)
                add(step=step, graph_def=graph_def)
                add(step=step, tagged_run_metadata=TaggedRunMetadata.FromString(metadata))
        writer.flush()


def graphs() -> dict[str, bytes]:
    """The encoded GraphDefs in the file."""
    found = [event.graph_def for event in read_file(FILE).events if event.graph_def]
    return dict(zip(NAMES, found, strict=True))


def decoded(data: bytes) -> list[dict[str, Any]]:
    """What protobuf reads."""
    return [
        {
            "name": node.name,
            "op": node.op,
            "inputs": list(node.input),
            "shapes": [[dim.size for dim in s.dim] for s in node.attr["_output_shapes"].list.shape],
        }
        for node in GraphDef.FromString(data).node
    ]


def answer(data: bytes) -> bytes:
    """The part of `/api/graphs/graph` that comes from the graph alone."""
    document = {"run": "golden", "tag": "__run_graph__", "key": "golden", "kind": "op"}
    document |= columns(decode_graph(data))
    return encode_columns({**document, "stats": None, "stats_tag": None})


def write() -> None:
    """Writes the event file, what protobuf reads in it, and our answers."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    write_events()
    for name, data in graphs().items():
        (GOLDEN / f"{name}.columns").write_bytes(answer(data))
    text = json.dumps({name: decoded(data) for name, data in graphs().items()}, indent=None)
    (GOLDEN / "decoded.json").write_text(text + "\n")
