"""What a request may say: each kind of number at its bounds and beyond them."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cupola.http.requests import ApiError, choice, integer_member, number_member, value_range

NO_NUMBERS: list[Any] = [True, False, "1", [1], {"a": 1}, math.nan, math.inf, -math.inf]
TOO_LONG = [2**63, -(2**63) - 1, 2**64, 10**40, 10**400, -(10**400), 10**4000]


@pytest.mark.parametrize("end", NO_NUMBERS + TOO_LONG + [None])
def test_a_range_has_two_numbers_that_a_double_and_a_step_can_hold(end: Any):
    for ends in ([end, 1], [0, end]):
        with pytest.raises(ApiError, match="`range`") as refused:
            value_range({"range": ends})
        assert refused.value.status == 400 and len(str(refused.value)) < 200


@pytest.mark.parametrize("ends", [1, "01", {}, [], [1], [1, 2, 3], True, [2, 1], [0.5, 0.25]])
def test_a_range_is_a_list_of_two_with_the_smaller_first(ends: Any):
    with pytest.raises(ApiError, match="`range`"):
        value_range({"range": ends})


def test_ranges_that_are_taken():
    assert value_range({}) is None and value_range({"range": None}) is None
    for low, high in [(0, 0), (-(2**63), 2**63 - 1), (-1.5, 2), (-1.7e308, 1.7e308), (1e40, 1e41)]:
        assert value_range({"range": [low, high]}) == (float(low), float(high))


numbers = st.integers(-(10**420), 10**420) | st.floats() | st.booleans() | st.none() | st.text(max_size=3)


@given(st.lists(numbers, max_size=3) | numbers)
def test_whatever_a_body_holds_a_range_is_finite_and_rising_or_refused(ends: Any):
    body = json.loads(json.dumps({"range": ends}))
    try:
        found = value_range(body)
    except ApiError:
        return
    assert found is None or -math.inf < found[0] <= found[1] < math.inf


@pytest.mark.parametrize("value", [*NO_NUMBERS, *TOO_LONG, 0, 11, 5.0])
def test_whole_numbers_keep_their_bounds(value: Any):
    with pytest.raises(ApiError, match="`width`") as refused:
        integer_member({"width": value}, "width", 5, low=1, high=10)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("value", [*NO_NUMBERS, *TOO_LONG, -0.1, 1, 1.0])
def test_numbers_keep_their_bounds(value: Any):
    with pytest.raises(ApiError, match="`smoothing`") as refused:
        number_member({"smoothing": value}, "smoothing", 0.0, low=0, below=1)
    assert len(str(refused.value)) < 200


def test_numbers_that_are_taken():
    assert integer_member({"width": 10}, "width", 5, low=1, high=10) == 10
    assert integer_member({"width": None}, "width", 5, low=1, high=10) == 5
    assert number_member({"smoothing": 0}, "smoothing", 0.5, low=0, below=1) == 0.0
    assert number_member({}, "smoothing", 0.5, low=0, below=1) == 0.5


def test_a_choice_names_what_there_is():
    assert choice("b", "x", ("a", "b")) == "b"
    with pytest.raises(ApiError, match=r"`x` is 'c+'; wanted one of a, b"):
        choice("c" * 1000, "x", ("a", "b"))
