"""The scanner finds what TensorBoard's loaders find in whole files, by whoever they were written."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.compat.proto.event_pb2 import Event, TaggedRunMetadata
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.plugins.image.metadata import create_summary_metadata
from tensorboard.plugins.scalar.summary_v2 import scalar_pb
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.util import tensor_util
from tests.support.event_files import files, read_file
from tests.support.scans import SCALAR, Point, record, scan_file, shape, version

FORMS = {
    "simple_value": 2,
    "obsolete_old_style_histogram": 3,
    "image": 4,
    "histo": 5,
    "audio": 6,
    "tensor": 8,
    None: 0,
}


def by_protobuf(path: Path) -> list[Point]:
    """Every point of a whole file, by TensorBoard's messages. A tensor is a blob here."""
    points = []
    for event in read_file(path).events:
        for field, number in (("graph_def", 4), ("meta_graph_def", 9)):
            if event.WhichOneof("what") == field:
                points.append(Point("", -number, event.step, event.wall_time, getattr(event, field)))
        if event.HasField("tagged_run_metadata"):
            data = event.tagged_run_metadata.SerializeToString()
            points.append(Point("", -8, event.step, event.wall_time, data))
        for value in event.summary.value:
            form = FORMS[value.WhichOneof("value")]
            data = value.simple_value if form == 2 else value.SerializeToString()
            points.append(Point(value.tag or value.node_name, form, event.step, event.wall_time, data))
    return points


def tensorboards_scalars(path: Path) -> dict[str, list[tuple[int, float, float]]]:
    """(step, wall time, value) by tag, as TensorBoard's own loader migrates and types them."""
    found = defaultdict(list)
    scalar_tags = set()
    for event in EventFileLoader(str(path)).Load():
        for value in event.summary.value:
            if value.metadata.data_class == SCALAR:
                scalar_tags.add(value.tag)
            if value.tag in scalar_tags:
                item = tensor_util.make_ndarray(value.tensor).item()
                found[value.tag].append((event.step, event.wall_time, item))
    return dict(found)


def our_scalars(path: Path) -> dict[str, list[tuple[int, float, float]]]:
    found = defaultdict(list)
    for point in scan_file(path).points:
        if not isinstance(point.value, bytes):
            found[point.tag].append((point.step, point.wall_time, point.value))
    return dict(found)


def series_by_series(points: list[Point]) -> list[Point]:
    """In the scanner's order: series in the order in which they begin, each in the file's order."""
    order: dict[tuple[str, int], list[Point]] = {}
    for point in points:
        order.setdefault((point.tag, point.form), []).append(point)
    return [point for series in order.values() for point in series]


def write_all_kinds(writer: Any) -> None:
    rng = np.random.default_rng(0)
    for step in range(30):
        for tag in ("loss", "acc", "lr/group 0"):
            writer.add_scalar(tag, float(rng.normal()), step)
        if step % 3 == 0:
            writer.add_histogram("weights", rng.normal(size=100), step)
        if step % 10 == 0:
            writer.add_image("cat", rng.random((3, 8, 8)).astype("f4"), step)
            writer.add_text("notes", f"step **{step}**", step)
            if not type(writer).__module__.startswith("tensorboardX"):  # its add_audio needs another package
                writer.add_audio("beep", np.sin(np.arange(200) / 5).astype("f4")[None], step, 8000)
        if step % 10 == 5:
            labels, predictions = rng.integers(0, 2, 50), rng.random(50)
            writer.add_pr_curve("pr", labels, predictions, step)
    writer.add_scalar("odd", math.nan, -5)
    writer.add_scalar("odd", math.inf, 2**62)
    writer.add_scalar("odd", -math.inf, 0)


def by_torch(logdir: Path) -> None:
    import torch
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(logdir)) as writer:
        write_all_kinds(writer)
        for step in range(5):
            writer.add_scalar("new style", step / 3, step, new_style=True)
            writer.add_scalar("double", step / 3, step, new_style=True, double_precision=True)
        writer.add_graph(torch.nn.Linear(3, 4), torch.zeros(1, 3))
        writer.add_mesh("mesh", torch.rand(1, 9, 3), global_step=1)


def by_tensorboardx(logdir: Path) -> None:
    from tensorboardX import SummaryWriter

    with SummaryWriter(str(logdir)) as writer:
        write_all_kinds(writer)
        writer.add_scalar("described", 1.0, 1, display_name="Described", summary_description="a thing")


def by_tensorboard(logdir: Path) -> None:
    """TensorBoard's own summaries: tensors with metadata, as TensorFlow 2 writes them."""
    out = [version()]
    for step in range(10):
        event = Event(wall_time=1.6e9 + step, step=step)
        summaries = [
            scalar_pb("s", step / 7),
            histogram_pb("h", np.arange(50.0) * step),
            text_pb("t", "word"),
        ]
        for summary in [*summaries, hparams_pb({"lr": 0.1}, trial_id=str(step))]:
            event.summary.value.extend(summary.value)
        image = event.summary.value.add(tag="i", metadata=create_summary_metadata("image", "described"))
        image.tensor.CopyFrom(TensorProto(dtype=7, string_val=[b"4", b"4", b"png"], tensor_shape=shape(3)))
        out.append(record(event))
    out.append(record(Event(wall_time=1.6e9, graph_def=b"graph")))
    out.append(record(Event(wall_time=1.6e9, meta_graph_def=b"meta")))
    tagged = TaggedRunMetadata(tag="step1", run_metadata=b"times")
    out.append(record(Event(wall_time=1.6e9, step=3, tagged_run_metadata=tagged)))
    (logdir / "events.out.tfevents.1600000000.host").write_bytes(b"".join(out))


def by_cupola(logdir: Path) -> None:
    from cupola import SummaryWriter

    with SummaryWriter(str(logdir)) as writer:
        write_all_kinds(writer)


@pytest.fixture(scope="module", params=[by_torch, by_tensorboardx, by_tensorboard, by_cupola])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An event file of each writer with every kind of summary that it has."""
    logdir = tmp_path_factory.mktemp("written")
    request.param(logdir)
    (path,) = files(logdir)
    return path


def test_every_point_is_protobufs(written: Path) -> None:
    found = scan_file(written)
    assert found.damage == [] and found.records == len(read_file(written).events)
    wanted = series_by_series(by_protobuf(written))
    assert len(found.points) == len(wanted) > 50
    for ours, theirs in zip(found.points, wanted, strict=True):
        if ours.form == 8 and not isinstance(ours.value, bytes):  # a tensor that is a scalar
            assert isinstance(theirs.value, bytes)
            tensor = Summary.Value.FromString(theirs.value).tensor
            theirs = theirs._replace(value=tensor_util.make_ndarray(tensor).item())
        elif ours.form == 8 or ours.form == -8:  # maps and fields may be serialised in another order
            message = Summary.Value if ours.form == 8 else TaggedRunMetadata
            assert isinstance(ours.value, bytes) and isinstance(theirs.value, bytes)
            assert message.FromString(ours.value) == message.FromString(theirs.value)
            theirs = theirs._replace(value=ours.value)
        assert ours == theirs or (math.isnan(ours.value) and math.isnan(theirs.value))  # type: ignore[arg-type]


def test_scalars_are_tensorboards(written: Path) -> None:
    ours, theirs = our_scalars(written), tensorboards_scalars(written)
    assert list(ours) == list(theirs)
    for tag in theirs:
        np.testing.assert_array_equal(ours[tag], theirs[tag], tag)


def test_metadata_is_the_first_values(written: Path) -> None:
    wanted: dict[tuple[str, int], bytes] = {}
    for event in read_file(written).events:
        for value in event.summary.value:
            key = (value.tag, FORMS[value.WhichOneof("value")])
            wanted.setdefault(key, value.metadata.SerializeToString() if value.HasField("metadata") else b"")
    found = {key: data for key, data in scan_file(written).metadata.items() if key[1] >= 0}
    assert found == wanted


@pytest.mark.parametrize("max_bytes", [1, 100, 5000])
def test_pieces_add_up_to_the_whole(written: Path, max_bytes: int) -> None:
    whole, pieces = scan_file(written), scan_file(written, max_bytes)
    assert [repr(p) for p in series_by_series(pieces.points)] == [repr(p) for p in whole.points]
    assert pieces.records == whole.records and pieces.metadata == whole.metadata and pieces.resets == 0


def test_the_accumulator_agrees(written: Path) -> None:
    accumulator = EventAccumulator(str(written), size_guidance={"tensors": 0, "scalars": 0})
    accumulator.Reload()
    tags = accumulator.Tags()["scalars"]  # TensorBoard's own summaries are all tensors
    ours = our_scalars(written)
    for tag in tags:
        events = accumulator.Scalars(tag)
        np.testing.assert_array_equal(ours[tag], [(e.step, e.wall_time, e.value) for e in events])
    assert bool(tags) == ("loss" in ours)
