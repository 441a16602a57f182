"""Smoothing is TensorBoard's, number by number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cupola._codec import smooth, smooth_at


def by_tensorboard(points: list[float], weight: float) -> list[float]:
    """`classicSmoothing` of webapp/widgets/line_chart_v2/data_transformer.ts, said in Python."""
    weight = max(0.0, min(weight, 1.0)) if math.isfinite(weight) else 0.0
    if all(point == points[0] for point in points):
        return points
    last, count, out = 0.0, 0, []
    for point in points:
        if not math.isfinite(point):
            out.append(point)
            continue
        last = last * weight + (1 - weight) * point
        count += 1
        out.append(last / (1 if weight == 1 else 1 - weight**count))
    return out


NUMBERS = st.floats(-1e6, 1e6, width=32) | st.sampled_from([math.nan, math.inf, -math.inf])


@given(points=st.lists(NUMBERS, max_size=200), weight=st.floats(0, 1) | st.sampled_from([0.6, 0.999, 1.0]))
def test_as_tensorboard(points: list[float], weight: float) -> None:
    for dtype in (np.float32, np.float64):
        found = smooth(np.array(points, dtype), weight)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, by_tensorboard(points, weight), rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("weight", [0.6, 0.99, 0.999, 0.999999])
def test_over_many_points(weight: float) -> None:
    points = np.random.default_rng(0).normal(3, 1, 50_000)
    np.testing.assert_allclose(smooth(points, weight), by_tensorboard(points.tolist(), weight), rtol=1e-9)


@pytest.mark.parametrize("weight", [-1.0, 2.0, math.nan, math.inf])
def test_weights_outside_are_cut(weight: float) -> None:
    points = [1.0, 2.0, 4.0]
    assert smooth(np.array(points), weight).tolist() == by_tensorboard(points, weight)


@pytest.mark.parametrize("points", [[], [3.0], [2.5] * 10, [math.inf] * 3])
def test_constants_stay_as_they_are(points: list[float]) -> None:
    assert smooth(np.array(points), 0.9).tolist() == points


@pytest.mark.parametrize(
    ("points", "wanted"),
    [
        ([1, 0.5, 0], [1, 0.6875, (0.5 * 0.4 + 0.4 * 0.6) * 0.6 / (1 - 0.6**3)]),
        ([0, 0.5, 1], [0, 0.3125, (1 * 0.4 + 0.5 * 0.4 * 0.6) / (1 - 0.6**3)]),
        ([-math.inf, 1, math.nan, math.inf, 0.5], [-math.inf, 1, math.nan, math.inf, 0.6875]),
    ],
)
def test_tensorboards_own_examples(points: list[float], wanted: list[float]) -> None:
    """From data_transformer_test.ts."""
    np.testing.assert_allclose(smooth(np.array(points, np.float32), 0.6), wanted, rtol=1e-15)


@given(
    st.lists(st.floats(width=32), min_size=1, max_size=200),
    st.floats(0, 1),
    st.lists(st.integers(0, 199), max_size=50),
)
def test_at_some_places_it_is_the_same(points: list[float], weight: float, places: list[int]) -> None:
    for value in (np.array(points, np.float32), np.array(points, np.float64)):
        index = np.sort(np.array(places, np.int64) % len(points))
        np.testing.assert_array_equal(smooth_at(value, weight, index), smooth(value, weight)[index])


@pytest.mark.parametrize("places", [[1, 0], [-1], [3], [0, 1, 2, 99], [2**62]])
def test_places_that_are_none(places: list[int]) -> None:
    with pytest.raises(ValueError, match="ascending places"):
        smooth_at(np.zeros(3), 0.5, np.array(places, np.int64))
