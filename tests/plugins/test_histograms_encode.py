"""`add_histogram`: torch's histograms, exact at every edge, and no crash on NaN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tests.support.encoded import value
from torch.utils.tensorboard import summary as torch_summary

from cupola import _codec
from cupola.errors import WrongType, WrongValue
from cupola.plugins.histograms import bins, encode

RNG = np.random.default_rng(0)
EDGES = bins.default_edges()


def torch_edges() -> list[float]:
    """As in torch/utils/tensorboard/writer.py."""
    v, buckets, negative = 1e-12, [], []
    while v < 1e20:
        buckets.append(v)
        negative.append(-v)
        v *= 1.1
    return [*reversed(negative), 0, *buckets]


def test_the_bins_are_torchs() -> None:
    assert list(bins.default_edges()) == torch_edges()
    assert len(bins.default_edges()) == 1549


VALUES = [
    RNG.standard_normal(1000),
    RNG.standard_normal((10, 100)).astype("f4"),
    RNG.standard_normal(20_000).astype("f4"),
    RNG.standard_normal(100).astype("f2"),
    np.arange(5),
    np.array([True, False, True]),
    np.array(3.0),
    np.zeros(5),
    -np.arange(1, 9.0),
    np.array([1e19, -1e19]),
]


@pytest.mark.parametrize("values", VALUES, ids=lambda values: f"{values.dtype}{list(values.shape)}")
def test_histograms_are_torchs(values: np.ndarray) -> None:
    ours = value(encode.histogram("t", values))
    (theirs,) = torch_summary.histogram("t", values, torch_edges()).value
    for name in ("sum", "sum_squares"):  # the order of additions differs
        assert getattr(ours.histo, name) == pytest.approx(getattr(theirs.histo, name), rel=1e-12)
        setattr(ours.histo, name, getattr(theirs.histo, name))
    assert ours == theirs


@pytest.mark.parametrize("rule", ["auto", "fd", "doane", "scott", "rice", "sturges", "sqrt", 7, np.int64(3)])
@pytest.mark.parametrize("max_bins", [None, 1, 5, 64])
def test_numpys_rules_are_torchs(rule: object, max_bins: int | None) -> None:
    for values in (np.arange(1024.0), RNG.standard_normal(300)):
        ours = value(encode.histogram("t", values, rule, max_bins))
        assert ours == torch_summary.histogram("t", values, rule, max_bins).value[0]


def test_edges_of_ones_own() -> None:
    values = RNG.standard_normal(500)
    for edges in ([-1, 0, 0.5, 2], np.linspace(-3, 3, 9), torch.tensor([-4.0, 0.0, 4.0])):
        ours = value(encode.histogram("t", values, edges)).histo
        theirs = torch_summary.histogram("t", values, np.asarray(edges)).value[0].histo
        assert (list(ours.bucket), list(ours.bucket_limit)) == (
            list(theirs.bucket),
            list(theirs.bucket_limit),
        )


def test_values_that_are_not_finite_are_dropped_and_counted() -> None:
    values = np.array([1.0, np.nan, 2.0, np.inf, -np.inf, np.nan], np.float32)
    for rule in ("tensorflow", "auto", 4, [0.0, 1.5, 3.0]):
        histo = value(encode.histogram("t", values, rule)).histo
        assert (histo.num, sum(histo.bucket)) == (6, 2)
        assert (histo.min, histo.max, histo.sum, histo.sum_squares) == (1, 2, 3, 5)


@pytest.mark.parametrize("rule", ["tensorflow", "auto", 4, [0.0, 1.0]])
@pytest.mark.parametrize("values", [[np.nan], [np.inf, -np.inf], [np.nan] * 9000])
def test_nothing_finite_is_an_empty_histogram(values: list[float], rule: object) -> None:
    histo = value(encode.histogram("t", np.array(values), rule)).histo
    assert (histo.num, list(histo.bucket), list(histo.bucket_limit)) == (len(values), [], [])
    assert (histo.min, histo.max, histo.sum) == (0, 0, 0)


def test_values_beyond_the_bins_count_in_num_only() -> None:
    histo = value(encode.histogram("t", np.array([1e25, -1e25, 1.0]))).histo
    assert (histo.num, sum(histo.bucket), histo.max) == (3, 1, 1e25)
    alone = value(encode.histogram("t", np.array([1e25]))).histo
    assert (alone.num, list(alone.bucket), alone.min) == (1, [], 1e25)


def test_complex_numbers_keep_their_real_part() -> None:
    assert value(encode.histogram("t", np.array([1 + 5j, 2 - 3j]))) == value(
        encode.histogram("t", np.array([1.0, 2.0]))
    )


def test_bfloat16_goes_through_float32() -> None:
    large = torch.tensor([1e38], dtype=torch.bfloat16)
    assert value(encode.histogram("t", large)).histo.max == float(large)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: encode.histogram("t", np.empty(0)), WrongValue, r"\(0,\) and no element"),
        (lambda: encode.histogram("t", "values"), WrongType, "str"),
        (lambda: encode.histogram("t", [1.0], "freedman"), WrongValue, "freedman"),
        (lambda: encode.histogram("t", [1.0], 0), WrongValue, "at least 1"),
        (lambda: encode.histogram("t", [1.0], [3.0, 1.0]), WrongValue, "do not decrease"),
        (lambda: encode.histogram("t", [1.0], {}), WrongType, "dict"),
        (lambda: encode.histogram("t", [1.0], max_bins=0), WrongValue, "max_bins"),
        (lambda: encode.histogram(cast(Any, None), [1.0]), WrongType, "tag"),
        (
            lambda: encode.histogram_raw("t", 0, 1, 2, 3, 4, [1.0, 2.0], [1.0]),
            WrongValue,
            "2 elements and bucket_counts 1",
        ),
        (lambda: encode.histogram_raw("t", cast(Any, "a"), 1, 2, 3, 4, [1.0], [1.0]), WrongType, "min"),
        (lambda: encode.histogram_raw("t", 0, 1, 2, 3, 4, [[1.0]], [1.0]), WrongValue, "one dimension"),
    ],
)
def test_refuses_at_the_call(call: Callable[[], object], error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def test_raw_histograms_are_torchs() -> None:
    numbers = (-1.5, 2.0, 50, 3.25, 10.5, [0.25, 0.5, 1.0], [1, 2, 3])
    assert value(encode.histogram_raw("t", *numbers)) == torch_summary.histogram_raw("t", *numbers).value[0]
    tensors = (*map(torch.tensor, numbers[:5]), torch.tensor([0.25, 0.5, 1.0]), np.array([1, 2, 3]))
    assert value(encode.histogram_raw("t", *tensors)) == torch_summary.histogram_raw("t", *numbers).value[0]


# The native kernel, with numpy.histogram as its judge.


def check_counts(values: np.ndarray, edges: np.ndarray) -> None:
    counts, finite, smallest, largest, total, squares = _codec.count_bins(values, edges)
    kept = values[np.isfinite(values)].astype(float)
    np.testing.assert_array_equal(counts, np.histogram(kept, edges)[0])
    assert finite == len(kept)
    if len(kept):
        assert (smallest, largest) == (kept.min(), kept.max())
        if abs(kept).max() < 1e100:
            assert total == pytest.approx(kept.sum(), rel=1e-12, abs=1e-12 * abs(kept).sum())
            assert squares == pytest.approx(kept.dot(kept), rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_edge_and_its_neighbours(dtype: type[np.floating]) -> None:
    near = np.concatenate([EDGES, np.nextafter(EDGES, np.inf), np.nextafter(EDGES, -np.inf)]).astype(dtype)
    near = np.concatenate([near, np.nextafter(near, dtype(np.inf)), np.nextafter(near, dtype(-np.inf))])
    odd = np.array([0.0, -0.0, 5e-324, 1e-45, 1e30, -1e30, np.nan, np.inf, -np.inf])
    values = np.concatenate([near, odd.astype(dtype)])
    for repeats in (1, 4):  # by search, and by table
        check_counts(np.tile(values, repeats), EDGES)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_random_bits(dtype: type) -> None:
    bits = RNG.integers(0, 256, 50_000 * np.dtype(dtype).itemsize, dtype=np.uint8)
    check_counts(bits.view(dtype), EDGES)


@settings(deadline=None, max_examples=100)
@given(
    edges=arrays.arrays(
        np.float64, st.integers(2, 9), elements=st.sampled_from([-2.0, -1, -0.0, 0, 1e-300, 0.5, 1, 2, 3])
    ),
    values=arrays.arrays(
        np.float64,
        st.integers(0, 40),
        elements=st.sampled_from([-3.0, -2, -1, 0, 0.5, 0.7, 1, 2, 3, 9, np.nan, np.inf]),
    ),
    dtype=st.sampled_from([np.float32, np.float64]),
    repeats=st.sampled_from([1, 400]),
)
def test_any_edges(edges: np.ndarray, values: np.ndarray, dtype: type, repeats: int) -> None:
    check_counts(np.tile(values.astype(dtype), repeats), np.sort(edges))
