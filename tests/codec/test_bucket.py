"""The points picked to draw a series look like all of its points."""

from __future__ import annotations

import math
import time
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cupola._codec import bucket

Floats = NDArray[np.floating[Any]]


def pixels(x: Floats, low: float, high: float, width: int) -> NDArray[np.int64]:
    """Which pixel each place is in; -1 and `width` outside."""
    with np.errstate(invalid="ignore"):
        inside = np.minimum((x - low) / (high - low) * width, width - 1).astype(np.int64)
    return np.where(x < low, -1, np.where(x > high, width, inside))


def segments(x: Floats) -> list[slice]:
    starts = [0, *(np.nonzero(np.diff(x) < 0)[0] + 1).tolist(), len(x)]
    return [slice(a, b) for a, b in pairwise(starts)]


def check(x: Floats, value: Floats, low: float, high: float, width: int, found: NDArray[np.int64]) -> None:
    """What the interface promises, one promise after the other, of a series with up to 16 segments."""
    assert found.dtype == np.int64 and len(np.unique(found)) == len(found)
    assert np.array_equal(found, np.sort(found))
    where = pixels(x, low, high, width)
    for part in segments(x):
        mine = found[(found >= part.start) & (found < part.stop)]
        inside = np.nonzero((where[part] >= 0) & (where[part] < width))[0] + part.start
        before, after = (np.nonzero(where[part] == edge)[0] + part.start for edge in (-1, width))
        ends = [before[-1] if len(before) else part.start, after[0] if len(after) else part.stop - 1]
        assert set(ends) <= set(mine.tolist())
        assert set(mine.tolist()) <= {*inside.tolist(), *ends}
        if len(inside) <= 2 * width:
            assert set(inside.tolist()) <= set(mine.tolist())
            continue
        finite = np.isfinite(value[mine])
        assert finite.sum() <= 2 * width + 2
        for pixel in np.unique(where[inside]):
            here, drawn = (group[where[group] == pixel] for group in (inside, mine))
            numbers = value[here][np.isfinite(value[here])]
            if len(numbers):
                assert value[drawn][np.isfinite(value[drawn])].min() == numbers.min()
                assert value[drawn][np.isfinite(value[drawn])].max() == numbers.max()
            for kind in (np.isnan, np.isposinf, np.isneginf):
                edges = [
                    i
                    for i in here[kind(value[here])].tolist()
                    if i in (part.start, part.stop - 1) or not (kind(value[i - 1]) and kind(value[i + 1]))
                ]
                assert set(edges[:1] + edges[-1:]) <= set(drawn.tolist())


NUMBERS = st.one_of(st.floats(-10, 10), st.sampled_from([math.nan, math.inf, -math.inf, 0.0]))


@given(
    points=st.lists(st.tuples(st.integers(-5, 120), NUMBERS), min_size=1, max_size=120),
    low=st.integers(-3, 60),
    span=st.integers(1, 80),
    width=st.integers(1, 12),
    turns=st.integers(0, 3),
)
def test_promises(points: list[tuple[int, float]], low: int, span: int, width: int, turns: int) -> None:
    parts = np.array_split(np.arange(len(points)), turns + 1)
    x = np.concatenate([np.sort(np.array([points[i][0] for i in part], float)) for part in parts])
    for value in (np.array([y for _, y in points], np.float32), np.array([y for _, y in points], np.float64)):
        check(x, value, low, low + span, width, bucket(x, value, low, low + span, width))


def test_every_spike_of_a_million_points_survives() -> None:
    rng = np.random.default_rng(0)
    x = np.arange(1e6)
    value = rng.normal(size=x.size).astype(np.float32)
    spikes = np.arange(20) * 50_000 + 12_345
    value[spikes[::2]], value[spikes[1::2]] = 100, -100
    began = time.process_time()
    found = bucket(x, value, 0, 1e6, 1000)
    assert time.process_time() - began < 0.1
    assert len(found) <= 2002 and set(spikes) <= set(found)
    check(x, value, 0, 1e6, 1000, found)


@pytest.mark.parametrize("low", [0.0, 12_345.6, 999_990.0])
def test_zooming_in_ends_at_every_point(low: float) -> None:
    x, value = np.arange(1e6), np.zeros(1_000_000, np.float32)
    found = bucket(x, value, low, low + 9, 800)
    first = max(math.ceil(low) - 1, 0)
    assert found.tolist() == list(range(first, min(math.floor(low + 9) + 2, 1_000_000)))


def test_uneven_steps() -> None:
    x = np.concatenate([np.arange(0, 1000.0), np.linspace(5e5, 5e5 + 1, 100_000), [1e6]])
    value = np.sin(np.arange(len(x)))
    check(x, value, 0, 1e6, 300, bucket(x, value, 0, 1e6, 300))


def test_all_points_at_one_place() -> None:
    value = np.random.default_rng(0).normal(size=10_000)
    found = bucket(np.full(10_000, 5.0), value, 5, 5, 100)
    assert {0, 9999, value.argmin(), value.argmax()} == set(found)
    assert bucket(np.full(3, 5.0), value[:3], 5, 5, 100).tolist() == [0, 1, 2]


def test_nothing_in_view_is_the_line_across_it() -> None:
    x, value = np.array([0.0, 1.0, 10.0, 11.0]), np.ones(4)
    assert bucket(x, value, 4, 6, 100).tolist() == [1, 2]
    assert bucket(x, value, 20, 30, 100).tolist() == [3]
    assert bucket(x, value, -9, -5, 100).tolist() == [0]
    assert bucket(np.empty(0), np.empty(0), 0, 1, 100).tolist() == []


def test_segments_up_to_16_are_kept_apart() -> None:
    x, value = np.tile(np.arange(10_000.0), 16), np.random.default_rng(1).normal(size=160_000)
    check(x, value, 0, 10_000, 50, bucket(x, value, 0, 10_000, 50))


def test_many_segments_are_drawn_in_the_order_of_x() -> None:
    rng = np.random.default_rng(2)
    x, value = rng.integers(0, 1000, 200_000).astype(float), rng.normal(size=200_000)
    found = bucket(x, value, 0, 1000, 100)
    assert len(found) <= 202 and (np.diff(x[found]) >= 0).all()
    order = np.argsort(x, kind="stable")
    check(x[order], value[order], 0, 1000, 100, np.argsort(order)[found])


def test_points_without_a_place_are_left_out() -> None:
    x = np.array([0.0, math.nan, 1.0, 2.0, math.nan])
    assert bucket(x, np.arange(5.0), 0, 2, 100).tolist() == [0, 2, 3]
    assert bucket(np.full(9, math.nan), np.arange(9.0), 0, 2, 100).tolist() == []


@pytest.mark.parametrize("places", [(-math.inf, math.inf), (0.0, math.inf), (-1e308, 1e308), (0.0, 5e-324)])
def test_extreme_ranges_end(places: tuple[float, float]) -> None:
    low, high = places
    x = np.sort(np.concatenate([np.linspace(-1e3, 1e3, 5000), [low, high, -1e308, 1e308]]))
    found = bucket(x, np.sin(np.arange(x.size)), low, high, 100)
    assert len(found) and found.min() >= 0 and found.max() < x.size


def test_alternating_nan_stays_bounded() -> None:
    x = np.arange(1e5)
    value = np.where(np.arange(100_000) % 2, np.nan, np.sin(x))
    assert len(bucket(x, value, 0, 1e5, 100)) <= 4 * 100 + 2


def test_wrong_arguments() -> None:
    x = np.arange(4.0)
    with pytest.raises(ValueError, match="as many values"):
        bucket(x, x[:3], 0, 1, 10)
    with pytest.raises(ValueError, match="width"):
        bucket(x, x, 0, 1, 0)
    with pytest.raises(TypeError):
        bucket(x.reshape(2, 2), x, 0, 1, 10)
