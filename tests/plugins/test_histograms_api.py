"""The histograms room from bytes to answers, against what tensorboardX, torch and TensorBoard write."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto.histogram_pb2 import HistogramProto
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.data_compat import migrate_value
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.util import tensor_util
from tests.support.memory_provider import MemoryProvider
from tests.support.room_client import RoomClient

from cupola.columns import decode_columns
from cupola.errors import DecodeError
from cupola.plugins.histograms import api
from cupola.plugins.histograms.cache import HistogramCache
from cupola.plugins.histograms.decode import Histogram, decode
from cupola.plugins.histograms.merge import MAX_BINS, group, merge, pick
from cupola.types import SeriesKey

WEIGHT = SeriesKey("train", "histograms", "weight")
GOLDEN = Path(__file__).parents[2] / "golden" / "histograms"
DBL_MAX = float(np.finfo(np.float64).max)


def writer_of(peer: str) -> Any:
    if peer == "torch":
        from torch.utils.tensorboard import SummaryWriter
    else:
        from tensorboardX import SummaryWriter
    return SummaryWriter


def histo(**members: Any) -> bytes:
    return Summary.Value(tag="weight", histo=HistogramProto(**members)).SerializeToString()


def tensor(rows: Any) -> bytes:
    proto = tensor_util.make_tensor_proto(np.array(rows, np.float32))
    return Summary.Value(tag="weight", tensor=proto).SerializeToString()


def simple(left: float, right: float, count: float) -> bytes:
    return tensor([[left, right, count]])


def assert_as_tensorboard(value: bytes) -> Histogram:
    """Our bins are TensorBoard's without the empty ones; TensorBoard rounds to float32, we do not."""
    ours = decode(value)
    theirs = tensor_util.make_ndarray(migrate_value(Summary.Value.FromString(value)).tensor)
    used = theirs[theirs[:, 2] > 0] if theirs.size else theirs.reshape(0, 3)
    columns = np.stack([ours.left, ours.right, ours.count], 1)
    np.testing.assert_array_equal(columns.astype(np.float32), used)
    return ours


@pytest.mark.parametrize("peer", ["tensorboardX", "torch"])
@pytest.mark.parametrize("bins", ["tensorflow", "auto", 7])
def test_reads_what_the_peers_write(peer: str, bins: Any, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    shown = [rng.normal(i, 1 + i, 1000) for i in range(4)] + [np.array([3.25]), np.zeros(10), np.ones(5)]
    with writer_of(peer)(str(tmp_path)) as writer:
        for step, values in enumerate(shown):
            writer.add_histogram("weight", values, step, bins=bins)
    provider = MemoryProvider().load("train", tmp_path)
    for values, key in zip(shown, provider.blobs(WEIGHT).key, strict=True):
        ours = assert_as_tensorboard(provider.read(key))
        assert ours.total == len(values)
        assert (ours.left[0], ours.right[-1]) == (values.min(), values.max())


def test_one_value_is_one_bin_of_no_width(tmp_path: Path) -> None:
    with writer_of("torch")(str(tmp_path)) as writer:
        for step in range(3):
            writer.add_histogram("weight", np.array([step * 0.3 - 0.3]), step)
    provider = MemoryProvider().load("train", tmp_path)
    for step, key in enumerate(provider.blobs(WEIGHT).key):
        ours = decode(provider.read(key))
        assert [*ours.left, *ours.right, *ours.count] == [step * 0.3 - 0.3] * 2 + [1]


@pytest.mark.parametrize("values", [np.arange(100.0), np.array([4.0]), np.full(9, -2.0), np.array([])])
def test_reads_the_tensors_of_tensorboard(values: np.ndarray) -> None:
    value = histogram_pb("weight", values).value[0].SerializeToString()
    ours = decode(value)
    theirs = tensor_util.make_ndarray(Summary.Value.FromString(value).tensor)
    theirs = theirs[theirs[:, 2] > 0]
    np.testing.assert_array_equal(np.stack([ours.left, ours.right, ours.count], 1), theirs)
    assert ours.total == len(values)


def test_edges_at_the_ends_of_double_are_the_extremes() -> None:
    value = histo(min=-3, max=5, num=6, bucket_limit=[-DBL_MAX, -1, 0, 1, DBL_MAX], bucket=[0, 1, 2, 0, 3])
    ours = assert_as_tensorboard(value)
    assert ours.left.tolist() == [-3, -1, 1]
    assert ours.right.tolist() == [-1, 0, 5]


@pytest.mark.parametrize(
    ("edges", "counts", "low", "high"),
    [
        ([0, 1, 2], [700, 300], 0, 1),  # booleans, an edge at each
        (range(11), [100] * 10, 0, 9),  # labels, as `bins=range(11)`
        ([-0.5, 0.5, 1.5, 2.5], [5, 5, 5], 0, 2),  # an edge between each two
        ([0, 1, 5, 10], [1, 4, 5], 0.25, 6),
        ([-3, -2, -1, 0], [1, 1, 1], -3, -1),
        ([-3, -2, -1, 0], [1, 1, 1], -2, -1),  # the smallest value on the inner edge of its bin
    ],
)
def test_a_bin_keeps_the_edges_that_someone_chose(
    edges: Any, counts: list[int], low: float, high: float
) -> None:
    value = histo(min=low, max=high, num=sum(counts), bucket_limit=edges, bucket=[0, *counts])
    ours = decode(value)
    assert (ours.left.tolist(), ours.right.tolist()) == (list(edges)[:-1], list(edges)[1:])
    assert ours.count.tolist() == counts


@pytest.mark.parametrize("peer", ["tensorboardX", "torch"])
def test_whole_numbers_in_the_peers_bins_keep_their_densities(peer: str, tmp_path: Path) -> None:
    labels = np.repeat(np.arange(10), 100)
    with writer_of(peer)(str(tmp_path)) as writer:
        writer.add_histogram("weight", labels, 0, bins=np.arange(11))
        writer.add_histogram("weight", labels, 1)
    provider = MemoryProvider().load("train", tmp_path)
    chosen, default = (decode(provider.read(key)) for key in provider.blobs(WEIGHT).key)
    assert (chosen.count / (chosen.right - chosen.left)).tolist() == [100] * 10
    assert (default.right > default.left).all() and default.total == 1000


def test_nan_extremes_leave_the_bins() -> None:
    """tensorboardX and torch write them where a NaN was among the values."""
    ours = decode(histo(min=np.nan, max=np.nan, num=4, bucket_limit=[0, 1, 2], bucket=[0, 2, 1]))
    assert (ours.left.tolist(), ours.right.tolist()) == ([0, 1], [1, 2])
    open_ended = decode(histo(min=np.nan, max=np.nan, bucket_limit=[-1, 1, DBL_MAX], bucket=[2, 1, 1]))
    assert (open_ended.left.tolist(), open_ended.right.tolist()) == ([-1, -1, 1], [-1, 1, 1])
    lost = decode(histo(min=-1e30, max=1e30, num=9, bucket_limit=[0, 1, 2], bucket=[0, 2, 1]))
    assert (lost.left.tolist(), lost.right.tolist()) == ([0, 1], [1, 2]), "values beyond all bins are in none"


def test_no_values_are_no_bins() -> None:
    for value in (histo(), histo(bucket_limit=[1, 2], bucket=[0, 0]), tensor(np.zeros((0, 3)))):
        assert decode(value).total == 0


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (histo(bucket_limit=[1], bucket=[1, 2]), "1 limits and 2 counts"),
        (histo(max=9, bucket_limit=[3, 1, 2], bucket=[1, 1, 1]), "bin 1 runs from 3.0 to 1.0"),
        (histo(max=9, bucket_limit=[1, 2], bucket=[1, -4]), "count -4"),
        (histo(max=9, bucket_limit=[1, 2], bucket=[1, np.nan]), "count nan"),
        (tensor([[0, 1]]), r"shape \[1, 2\]"),
        (tensor([[np.nan, 1, 1]]), "bin 0 runs from nan"),
        (Summary.Value(tag="a", simple_value=1).SerializeToString(), "form 2"),
        (Summary.Value(tensor=tensor_util.make_tensor_proto([b"a"])).SerializeToString(), "something else"),
        (b"\x2a\x03\x32\x01\x00", "whole number of doubles"),
    ],
)
def test_says_why_a_value_is_no_histogram(value: bytes, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        decode(value)


def histograms() -> st.SearchStrategy[Histogram]:
    def build(edges: list[float], counts: list[int], singles: bool) -> Histogram:
        edges = sorted(edges)
        left, right = np.array(edges[:-1]), np.array(edges[:-1] if singles else edges[1:])
        count = np.array(counts[: len(left)], np.float64)
        return Histogram(left, right, count)

    value = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
    return st.builds(
        build,
        st.lists(value, min_size=2, max_size=8, unique=True),
        st.lists(st.integers(1, 1000), min_size=8, max_size=8),
        st.booleans(),
    )


def mass(histogram: Histogram, low: float, high: float) -> float:
    """Count in [low, high), each bin even inside: what merging must keep, computed bin by bin."""
    total = 0.0
    for left, right, count in zip(histogram.left, histogram.right, histogram.count, strict=True):
        if left == right:
            total += count * (low <= left < high)
        else:
            total += count * max(0.0, min(right, high) - max(left, low)) / (right - left)
    return total


@settings(max_examples=60, deadline=None)
@given(st.lists(histograms(), min_size=2, max_size=5))
def test_merging_keeps_the_mass_between_any_edges(parts: list[Histogram]) -> None:
    merged, exact = merge(parts)
    assert exact
    assert merged.total == pytest.approx(sum(part.total for part in parts))
    assert (merged.count > 0).all()
    assert (np.diff(merged.left) >= 0).all()
    edges = sorted({edge for part in parts for edge in (*part.left, *part.right)})
    for low, high in itertools.pairwise(edges):
        assert mass(merged, low, high) == pytest.approx(sum(mass(part, low, high) for part in parts))


def test_merging_equal_bins_adds_counts_exactly() -> None:
    part = Histogram(np.array([0.0, 1.0]), np.array([1.0, 1.5]), np.array([3.0, 4.0]))
    merged, _ = merge([part] * 3)
    assert (merged.left.tolist(), merged.right.tolist()) == ([0, 1], [1, 1.5])
    assert merged.count.tolist() == [9, 12]


def test_merging_very_many_edges_says_so_and_keeps_the_count() -> None:
    rng = np.random.default_rng(2)
    parts = []
    for _ in range(80):
        edges = np.sort(rng.normal(size=31))
        parts.append(Histogram(edges[:-1], edges[1:], np.ones(30)))
    parts.append(Histogram(np.array([0.5]), np.array([0.5]), np.array([7.0])))
    merged, exact = merge(parts)
    assert not exact
    assert len(merged.left) <= MAX_BINS
    assert merged.total == pytest.approx(80 * 30 + 7)
    assert merged.left[0] == min(part.left[0] for part in parts)
    assert merged.right[-1] == max(part.right[-1] for part in parts)


def test_columns_are_points_until_there_are_more_than_pixels() -> None:
    x = np.array([0.0, 3.0, 1.0, 1.0, np.nan, 9.0])
    groups = group(x, 0, 9, 10)
    assert groups.order.tolist() == [0, 2, 3, 1, 5]
    assert groups.start.tolist() == [0, 1, 3, 4, 5]
    assert group(x, 0.5, 3, 10).order.tolist() == [2, 3, 1]
    many = group(np.arange(1000.0), 0, 999, 10)
    assert np.diff(many.start).tolist() == [100] * 10
    assert group(x, 20, 30, 10).start.tolist() == [0]


def test_pick_keeps_both_ends() -> None:
    assert pick(3, 12).tolist() == [0, 1, 2]
    chosen = pick(100, 12)
    assert (len(chosen), chosen[0], chosen[-1]) == (12, 0, 99)


def ask(web: RoomClient, **body: Any) -> dict[str, Any]:
    return decode_columns(web.post("/data", json={"tag": "weight", **body}).content)


def test_data_gives_native_bins() -> None:
    provider = MemoryProvider()
    for step in range(3):
        provider.add(WEIGHT, step * 10, 100.0 + step, tensor([[0, 1, 2], [1, step + 2, 3]]))
    provider.add(WEIGHT._replace(run="other"), 5, 90, simple(0, 1, 1))
    web = RoomClient(api, provider)
    answer = ask(web)
    assert [series["run"] for series in answer["series"]] == ["other", "train"]
    series = answer["series"][1]
    assert (series["count"], series["exact"], series["damaged"]) == (3, True, [])
    assert series["step"].tolist() == series["x"].tolist() == [0, 10, 20]
    assert series["points"].tolist() == [1, 1, 1]
    assert series["offset"].tolist() == [0, 2, 4, 6]
    assert series["right"].tolist() == [1, 2, 1, 3, 1, 4]
    assert series["bin_count"].tolist() == [2, 3] * 3
    assert ask(web, x="relative", runs=["train"])["series"][0]["x"].tolist() == [0, 1, 2]
    assert ask(web, x="wall", runs=["train"], range=[100.5, 103])["series"][0]["step"].tolist() == [10, 20]


def test_data_merges_what_a_pixel_cannot_part() -> None:
    provider = MemoryProvider()
    for step in range(100):
        provider.add(WEIGHT, step, 100.0 + step, simple(0, 1, step + 1))
    web = RoomClient(api, provider)
    series = ask(web, width=10)["series"][0]
    assert (series["count"], series["points"].tolist()) == (100, [10] * 10)
    assert series["step"].tolist() == list(range(0, 100, 10))
    assert series["step_end"].tolist() == list(range(9, 100, 10))
    assert series["bin_count"].sum() == 5050
    picked = ask(web, pick=12)["series"][0]
    assert (len(picked["step"]), picked["step"][0], picked["step"][-1]) == (12, 0, 99)
    reads = provider.reads
    ask(web, range=[20, 29], width=100)
    assert provider.reads == reads, "what was decoded once is kept"
    provider.add(WEIGHT, 100, 200.0, simple(0, 1, 1))
    assert ask(web)["series"][0]["count"] == 101
    assert provider.reads == reads + 1


def test_picked_points_stand_in_the_order_of_the_axis() -> None:
    provider = MemoryProvider()
    for step in (10, 2, 30, 4, 20):
        provider.add(WEIGHT, step, 1.0, simple(0, 1, step))
    series = ask(RoomClient(api, provider), pick=3)["series"][0]
    assert series["step"].tolist() == [2, 10, 30]


def test_damage_is_named_and_harms_no_other_point() -> None:
    provider = MemoryProvider()
    provider.add(WEIGHT, 1, 1.0, simple(0, 1, 1))
    provider.add(WEIGHT, 2, 2.0, histo(bucket_limit=[1], bucket=[1, 2]))
    provider.add(WEIGHT, 3, np.nan, simple(0, 1, 1))
    series = ask(RoomClient(api, provider))["series"][0]
    assert series["step"].tolist() == [1, 3]
    assert series["damaged_count"] == 1
    assert (series["damaged"][0]["index"], series["damaged"][0]["step"]) == (1, 2)
    assert "1 limits" in series["damaged"][0]["reason"]
    wall = ask(RoomClient(api, provider), x="wall")["series"][0]
    assert wall["step"].tolist() == [1], "a point without a time has no place on the clock"


@pytest.mark.parametrize(
    "bad",
    [{"x": "epoch"}, {"width": 0}, {"width": 10**6}, {"range": [1]}, {"range": [2, 1]}, {"pick": -1}],
)
def test_bad_questions_are_refused(bad: dict[str, Any]) -> None:
    provider = MemoryProvider()
    provider.add(WEIGHT, 1, 1.0, simple(0, 1, 1))
    assert RoomClient(api, provider).post("/data", json={"tag": "weight", **bad}).status_code == 400


def test_the_cache_stays_small() -> None:
    provider = MemoryProvider()
    for step in range(20):
        provider.add(WEIGHT, step, float(step), simple(0, 1, 1))
    columns = provider.blobs(WEIGHT)
    cache = HistogramCache(provider, max_bytes=5000)
    for _ in range(2):
        for key in columns.key:
            found = cache.get(key)
            assert isinstance(found, Histogram)
    assert provider.reads == 40, "room for seven: each is gone when it is asked again"
    cache.get(columns.key[-1])
    assert provider.reads == 40


def test_golden_files() -> None:
    """What TensorBoard reads in the golden event file is what we decode, and our answers are as they were."""
    provider = MemoryProvider().load("train", GOLDEN)
    wanted = json.loads((GOLDEN / "decoded.json").read_text("utf-8"))
    keys = provider.blobs(WEIGHT).key
    assert len(keys) == len(wanted) + 1, "the last one is damaged"
    for key, theirs in zip(keys, wanted, strict=False):
        ours = decode(provider.read(key))
        used = np.array([row for row in theirs["bins"] if row[2]], np.float32)
        np.testing.assert_array_equal(
            np.stack([ours.left, ours.right, ours.count], 1).astype(np.float32), used
        )
    web = RoomClient(api, provider)
    assert web.post("/data", json={"tag": "weight"}).content == (GOLDEN / "data.columns").read_bytes()
    two = web.post("/data", json={"tag": "weight", "width": 2}).content
    assert two == (GOLDEN / "merged.columns").read_bytes()
