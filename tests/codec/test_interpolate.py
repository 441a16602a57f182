"""A series at other places: NumPy's numbers, also beside what is not finite."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cupola._codec import interpolate

places = st.lists(st.integers(-40, 40) | st.floats(-40, 40), max_size=60, unique=True).map(sorted)
numbers = st.sampled_from([float("nan"), float("inf"), -float("inf"), 0.0, 3e38]) | st.floats(
    -1e3, 1e3, width=32
)


@settings(deadline=None)
@given(places, places, st.data(), st.sampled_from([np.float32, np.float64]))
def test_as_numpy(wanted: list[float], x: list[float], data: st.DataObject, dtype: type):
    value: NDArray[Any] = np.array(data.draw(st.lists(numbers, min_size=len(x), max_size=len(x))), dtype)
    at, points = np.array(wanted, float), np.array(x, float)
    found = interpolate(at, points, value)
    if not len(points):
        assert np.isnan(found).all() and len(found) == len(at)
        return
    with np.errstate(all="ignore"):
        expected = np.interp(at, points, value, left=np.nan, right=np.nan)
    # A compiler may fuse a multiplication with an addition.
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-9)


def test_a_place_of_its_own_is_exact():
    x = np.cumsum(np.random.default_rng(0).uniform(0.1, 1, 1000))
    value = np.random.default_rng(1).normal(size=1000).astype(np.float32)
    np.testing.assert_array_equal(interpolate(x, x, value), value)
    between = interpolate((x[1:] + x[:-1]) / 2, x, value)
    np.testing.assert_allclose(between, (value[1:].astype(float) + value[:-1]) / 2, atol=1e-12)


def test_lengths_that_differ_are_refused():
    with pytest.raises(ValueError, match="as many values"):
        interpolate(np.zeros(1), np.zeros(2), np.zeros(3))
