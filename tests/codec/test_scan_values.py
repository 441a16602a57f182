"""What single events and values become: forms, tensors, tags, restarts, odd numbers."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np
import pytest
from tensorboard.compat.proto.event_pb2 import Event, LogMessage
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.util import tensor_util
from tests.support.event_files import files
from tests.support.scans import SCALAR, TENSOR, record, scalar, scan_file, shape, start

from cupola._codec import Scanner


def write_events(tmp_path: Path, *events: Event | bytes) -> Path:
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(b"".join(record(event) for event in events))
    return path


def tensor_event(tensor: TensorProto, data_class: int | None = SCALAR, tag: str = "x") -> Event:
    event = Event(wall_time=1.0, step=1)
    value = event.summary.value.add(tag=tag, tensor=tensor)
    if data_class is not None:
        value.metadata.data_class = data_class
    return event


DTYPES = {
    "float32": 1,
    "float64": 2,
    "int32": 3,
    "uint8": 4,
    "int16": 5,
    "int8": 6,
    "int64": 9,
    "bool": 10,
    "uint16": 17,
    "float16": 19,
    "uint32": 22,
    "uint64": 23,
}
LISTS = {1: "float_val", 2: "double_val", 9: "int64_val", 10: "bool_val", 22: "uint32_val", 23: "uint64_val"}


@pytest.mark.parametrize("sizes", [(), (1,), (1, 1)])
@pytest.mark.parametrize("form", ["content", "list"])
@pytest.mark.parametrize("name", DTYPES)
def test_scalar_tensors_of_every_dtype(tmp_path: Path, name: str, form: str, sizes: tuple[int, ...]) -> None:
    dtype = np.dtype(name)
    numbers = [0, 1, 100] if dtype.kind != "f" else [0.0, -1.5, 0.1, 6e-8, math.nan, -math.inf, 65504.0]
    if dtype.kind == "i":
        numbers += [-1, np.iinfo(dtype).min, np.iinfo(dtype).max]
    for number in numbers:
        array = np.array(number, dtype)
        tensor = TensorProto(dtype=DTYPES[name], tensor_shape=shape(*sizes))
        if form == "content":
            tensor.tensor_content = array.tobytes()
        elif name == "float16":
            tensor.half_val.append(int(array.view("u2")))
        else:
            getattr(tensor, LISTS.get(tensor.dtype, "int_val")).append(array.item())
        scanned = scan_file(write_events(tmp_path, tensor_event(tensor)))
        assert scanned.damage == []
        np.testing.assert_equal(scanned.of("x"), [float(array)])
        if form == "content" or tensor.dtype not in (22, 23):  # lists of these TensorBoard cannot read
            np.testing.assert_equal(float(tensor_util.make_ndarray(tensor).item()), float(array))


def test_bfloat16(tmp_path: Path) -> None:
    for form in ({"tensor_content": b"\x49\x40"}, {"half_val": [0x4049]}):
        scanned = scan_file(write_events(tmp_path, tensor_event(TensorProto(dtype=14, **form))))
        assert scanned.of("x") == [3.140625]


def test_doubles_that_are_no_floats_widen_their_chunk_only(tmp_path: Path) -> None:
    narrow, nan, wide = (
        tensor_event(TensorProto(dtype=2, double_val=[number])) for number in (0.5, math.nan, 0.1)
    )
    scanner = Scanner(str(write_events(tmp_path, narrow, nan, wide, narrow)))
    first, second, rest = scanner.scan(1), scanner.scan(1), scanner.scan()
    assert first.series[0].value.dtype == np.float32 and first.series[0].value.tolist() == [0.5]
    assert second.series[0].value.dtype == np.float32 and np.isnan(second.series[0].value).all()
    assert rest.series[0].value.dtype == np.float64 and rest.series[0].value.tolist() == [0.1, 0.5]


@pytest.mark.parametrize(
    ("tensor", "is_scalar"),
    [
        (TensorProto(dtype=1, float_val=[2.0]), True),
        (TensorProto(dtype=1, float_val=[2.0], tensor_shape=shape(1)), False),
        (TensorProto(dtype=1, float_val=[2.0, 3.0]), False),
        (TensorProto(dtype=7, string_val=[b"word"]), False),
        (TensorProto(dtype=1, tensor_content=b"12345678"), False),
        (TensorProto(dtype=1, float_val=[2.0], tensor_shape=TensorShapeProto(unknown_rank=True)), False),
        (TensorProto(dtype=8, scomplex_val=[1.0, 2.0]), False),
    ],
)
def test_tensors_without_a_class(tmp_path: Path, tensor: TensorProto, is_scalar: bool) -> None:
    scanned = scan_file(write_events(tmp_path, tensor_event(tensor, None)))
    (value,) = scanned.of("x")
    assert isinstance(value, bytes) is not is_scalar and scanned.damage == []
    blob = scan_file(write_events(tmp_path, tensor_event(tensor, TENSOR)))
    assert isinstance(blob.of("x")[0], bytes)


@pytest.mark.parametrize(
    "tensor",
    [
        TensorProto(dtype=1),
        TensorProto(dtype=1, float_val=[1.0, 2.0], tensor_shape=shape(2)),
        TensorProto(dtype=7, string_val=[b"1.0"]),
        TensorProto(dtype=2, tensor_content=b"1234"),
        TensorProto(),
    ],
)
def test_a_scalar_tensor_without_a_number_is_one_damaged_value(tmp_path: Path, tensor: TensorProto) -> None:
    event = tensor_event(tensor)
    event.summary.value.add(tag="other", simple_value=4.0)
    path = write_events(tmp_path, scalar("before", 0, 1.0), event, scalar("after", 2, 2.0))
    scanned = scan_file(path)
    ((offset, length, reason),) = scanned.damage
    assert reason == "value"
    lost = path.read_bytes()[offset : offset + length]
    assert Summary.Value.FromString(lost) == event.summary.value[0]
    assert [scanned.of(tag) for tag in ("before", "x", "other", "after")] == [[1.0], [], [4.0], [2.0]]


def test_one_tag_in_several_forms_is_several_series(tmp_path: Path) -> None:
    histogram = Event(step=3)
    histogram.summary.value.add(tag="x").histo.num = 3
    events = [scalar("x", 1, 1.0), histogram, tensor_event(TensorProto(dtype=1, float_val=[5.0]), None)]
    path = write_events(tmp_path, *events, tensor_event(TensorProto(dtype=7), None), *events)
    (chunk,) = [Scanner(str(path)).scan()]
    assert [(s.tag, s.form, s.is_scalar, len(s.step)) for s in chunk.series] == [
        ("x", 2, True, 2),
        ("x", 5, False, 2),
        ("x", 8, True, 2),
        ("x", 8, False, 1),
    ]


def test_metadata_is_remembered_across_scans(tmp_path: Path) -> None:
    first = tensor_event(TensorProto(dtype=1, float_val=[1.0], tensor_shape=shape(1)), SCALAR)
    later = tensor_event(TensorProto(dtype=1, float_val=[2.0], tensor_shape=shape(1)), None)
    other = tensor_event(TensorProto(dtype=1, float_val=[3.0], tensor_shape=shape(1)), TENSOR)
    scanner = Scanner(str(write_events(tmp_path, first, later, other)))
    for wanted in (1.0, 2.0, 3.0):
        (series,) = scanner.scan(1).series
        assert series.is_scalar and series.value.tolist() == [wanted]
        assert series.metadata == first.summary.value[0].metadata.SerializeToString()


def test_many_values_in_one_event(tmp_path: Path) -> None:
    event = Event(wall_time=2.0, step=7)
    for index in range(5000):
        event.summary.value.add(tag=f"tag {index}", simple_value=index)
    scanned = scan_file(write_events(tmp_path, event, event))
    assert len(scanned.points) == 10_000 and scanned.of("tag 4999") == [4999.0] * 2
    assert scanned.records == 2


def test_tags_in_changing_order(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    tags = [f"t{i}" for i in rng.integers(0, 50, 3000)]
    scanned = scan_file(write_events(tmp_path, *(scalar(tag, i, i) for i, tag in enumerate(tags))))
    for tag in set(tags):
        assert scanned.steps(tag) == [i for i, other in enumerate(tags) if other == tag]


def test_an_empty_tag_is_the_nodes_name(tmp_path: Path) -> None:
    event = Event()
    event.summary.value.add(node_name="node", simple_value=1.0)
    event.summary.value.add(simple_value=2.0)
    scanned = scan_file(write_events(tmp_path, event))
    assert scanned.of("node") == [1.0] and scanned.of("") == [2.0]


def test_a_value_with_metadata_only_is_a_blob_of_form_0(tmp_path: Path) -> None:
    event = Event(step=1)
    event.summary.value.add(tag="_hparams_/experiment").metadata.plugin_data.plugin_name = "hparams"
    scanned = scan_file(write_events(tmp_path, event))
    (point,) = scanned.points
    assert (point.tag, point.form) == ("_hparams_/experiment", 0)
    assert point.value == event.summary.value[0].SerializeToString()
    assert b"hparams" in scanned.metadata["_hparams_/experiment", 0]


@pytest.mark.parametrize(
    "tag", ["", "a/b/../c", "<b>", "nul\0in", "‮rtl", "constructor", "__proto__", "标签", "x" * 1_000_000]
)
def test_odd_tags(tmp_path: Path, tag: str) -> None:
    scanned = scan_file(write_events(tmp_path, scalar(tag, 1, 2.0), scalar("plain", 1, 3.0)))
    assert scanned.of(tag) == [2.0] and scanned.of("plain") == [3.0]


def test_a_tag_that_is_not_utf8_has_escapes(tmp_path: Path) -> None:
    payload = scalar("caf?", 1, 2.0).SerializeToString().replace(b"caf?", b"caf\xe9")
    scanned = scan_file(write_events(tmp_path, payload, payload))
    assert scanned.of("caf\\xe9") == [2.0, 2.0] and scanned.damage == []


@pytest.mark.parametrize("step", [0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)])
@pytest.mark.parametrize("wall_time", [0.0, -1.0, 1.6e9, 7.3e9, math.nan, math.inf])
def test_odd_steps_and_times(tmp_path: Path, step: int, wall_time: float) -> None:
    scanner = Scanner(str(write_events(tmp_path, scalar("x", step, 1.0, wall_time))))
    chunk = scanner.scan()
    assert chunk.series[0].step.tolist() == [step]
    np.testing.assert_equal(chunk.series[0].wall_time.tolist(), [wall_time])
    np.testing.assert_equal(chunk.first_wall_time, wall_time)


def test_unknown_fields_are_stepped_over(tmp_path: Path) -> None:
    unknown = b"\xa0\x06\x05" + b"\xa9\x06" + b"8" * 8 + b"\xb2\x06\x03abc" + b"\xbd\x06" + b"4" * 4
    value = b"\x0a\x01x" + unknown + b"\x15" + struct.pack("<f", 7)
    summary = unknown + b"\x0a" + bytes([len(value)]) + value
    payload = unknown + b"\x10\x09" + b"\x2a" + bytes([len(summary)]) + summary + unknown
    assert Event.FromString(payload).summary.value[0].simple_value == 7
    scanned = scan_file(write_events(tmp_path, payload))
    assert scanned.of("x") == [7.0] and scanned.steps("x") == [9] and scanned.damage == []


def test_of_a_oneof_the_last_counts(tmp_path: Path) -> None:
    """As protobuf reads it: several summaries are joined; another field in between voids those before it."""
    one, two = scalar("a", 1, 1.0).SerializeToString(), scalar("b", 1, 2.0).SerializeToString()
    version_field = Event(file_version="x").SerializeToString()
    value = Summary.Value(tag="c", image=Summary.Image(height=3)).SerializeToString()
    value += struct.pack("<Bf", 0x15, 9.0)
    both = b"\x2a" + bytes([len(value) + 2]) + b"\x0a" + bytes([len(value)]) + value
    for payload in (one + two, one + version_field + two, one + two + version_field, both, two + both + one):
        event = Event.FromString(payload)
        wanted = [(value.tag, value.simple_value) for value in event.summary.value]
        scanned = scan_file(write_events(tmp_path, payload))
        assert [(point.tag, point.value) for point in scanned.points] == wanted, payload


@pytest.mark.parametrize(
    ("level", "shown"), [(LogMessage.INFO, False), (LogMessage.WARN, True), (LogMessage.ERROR, True)]
)
def test_what_a_writer_warns_of_is_told(tmp_path: Path, level: int, shown: bool) -> None:
    message = LogMessage(level=level, message="12 events lost " + "x" * 1000)
    path = write_events(tmp_path, Event(log_message=message), scalar("a", 1, 2.0))
    chunk = Scanner(str(path)).scan()
    assert chunk.series[0].value.tolist() == [2.0]
    told = [(length, reason) for _, length, reason in chunk.damage]
    assert told == ([(0, f"writer: {message.message[:500]}")] if shown else [])


def test_a_restart_begins_a_chunk(tmp_path: Path) -> None:
    path = write_events(
        tmp_path,
        Event(file_version="brain.Event:2"),
        start(0),
        scalar("x", 1, 1.0),
        scalar("x", 2, 2.0),
        start(2),
        start(1),
        scalar("x", 2, 3.0),
        start(9),
    )
    scanner = Scanner(str(path))
    chunks = [scanner.scan() for _ in range(4)]
    assert [chunk.restart_step for chunk in chunks] == [0, 1, 9, None]
    assert [chunk.at_end for chunk in chunks] == [False, False, True, True]
    assert [[series.value.tolist() for series in chunk.series] for chunk in chunks] == [
        [[1, 2]],
        [[3]],
        [],
        [],
    ]
    assert [chunk.records for chunk in chunks] == [4, 3, 1, 0]


def test_purge_step_of_the_peers_is_a_restart(tmp_path: Path) -> None:
    from tensorboardX import SummaryWriter as WriterX
    from torch.utils.tensorboard import SummaryWriter

    for writer_class in (SummaryWriter, WriterX):
        logdir = tmp_path / writer_class.__module__
        with writer_class(str(logdir), purge_step=50) as writer:
            writer.add_scalar("x", 1.0, 50)
        (path,) = files(logdir)
        assert scan_file(path).restarts == [50]


def test_columns_outlive_their_chunk(tmp_path: Path) -> None:
    path = write_events(tmp_path, *(scalar("x", i, i) for i in range(1000)))
    step = Scanner(str(path)).scan().series[0].step
    assert step.tolist() == list(range(1000))


def test_paths_are_strings_or_bytes(tmp_path: Path) -> None:
    path = write_events(tmp_path, scalar("x", 1, 1.0))
    assert Scanner(bytes(path)).scan().records == 1
    odd = tmp_path / b"\xff.tfevents".decode("utf-8", "surrogateescape")
    odd.write_bytes(path.read_bytes())
    assert Scanner(str(odd)).scan().records == 1
    with pytest.raises(ValueError, match="null"):
        Scanner("a\0b")
    with pytest.raises(TypeError):
        Scanner(3)  # type: ignore[arg-type]
