"""`add_pr_curve`: torch's matrices to the last bit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from tensorboard.util import tensor_util
from tests.support.encoded import summary, value
from torch.utils.tensorboard import summary as torch_summary

from cupola.errors import WrongType, WrongValue
from cupola.plugins.pr_curves import encode

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 2, 200)
PREDICTIONS = np.concatenate([RNG.random(197), [0.0, 1.0, 0.5]])

RAW = (
    [75, 64, 21, 5, 0],
    [150, 105, 18, 0, 0],
    [0, 45, 132, 150, 150],
    [0, 11, 54, 70, 75],
    [0.3333333, 0.3786982, 0.5384616, 1.0, 0.0],
    [1.0, 0.8533334, 0.28, 0.0666667, 0.0],
)


@pytest.mark.parametrize("thresholds", [1, 2, 5, 127, 1000])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("weights", [None, 2.5, RNG.random(200)], ids=["equal", "number", "array"])
def test_curves_are_torchs(thresholds: int, dtype: str, weights: object) -> None:
    predictions = PREDICTIONS.astype(dtype)
    ours = summary(encode.pr_curve("t", LABELS, predictions, thresholds, weights))
    assert ours == torch_summary.pr_curve("t", LABELS, predictions, thresholds, weights)


def test_tensors_booleans_and_any_shape() -> None:
    wanted = summary(encode.pr_curve("t", LABELS, PREDICTIONS))
    assert summary(encode.pr_curve("t", torch.tensor(LABELS) > 0, torch.tensor(PREDICTIONS))) == wanted
    assert summary(encode.pr_curve("t", LABELS.reshape(20, 10), PREDICTIONS.reshape(20, 10))) == wanted


def test_predictions_outside_their_range_count_for_nothing() -> None:
    odd = encode.pr_curve("t", [1, 1, 0, 1], [0.5, np.nan, np.inf, 7.0], 3)
    assert tensor_util.make_ndarray(value(odd).tensor)[0].tolist() == [1, 1, 0]


def test_a_curve_of_no_samples_is_torchs() -> None:
    """As of a class that the validation set lacks."""
    nothing = np.array([])
    assert summary(encode.pr_curve("t", nothing, nothing)) == torch_summary.pr_curve("t", nothing, nothing)


def test_samples_without_label_or_weight_are_left_out() -> None:
    whole = encode.pr_curve("t", [0, 1, 1], [0.2, 0.4, 0.8], 5, [1.0, 2.0, 3.0])
    unknown = np.ma.masked_array([0, 1, 1, 1], mask=[False, False, False, True])
    assert summary(encode.pr_curve("t", unknown, [0.2, 0.4, 0.8, 0.9], 5, [1.0, 2.0, 3.0, 1.0])) == summary(
        whole
    )
    weights = [1.0, 2.0, 3.0, float("nan")]
    assert summary(encode.pr_curve("t", [0, 1, 1, 1], [0.2, 0.4, 0.8, 0.9], 5, weights)) == summary(whole)


@pytest.mark.parametrize("thresholds", [5, 127, 1000])
def test_raw_curves_are_torchs(thresholds: int) -> None:
    assert summary(encode.pr_curve_raw("t", *RAW, thresholds)) == torch_summary.pr_curve_raw(
        "t", *RAW, thresholds
    )
    tensors = [torch.tensor(row) for row in RAW]
    again = tensor_util.make_ndarray(value(encode.pr_curve_raw("t", *tensors)).tensor)
    np.testing.assert_array_equal(again, np.array(RAW, np.float32))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: encode.pr_curve("t", [0, 1], [0.5]),
            WrongValue,
            r"predictions has shape \(1,\), but labels has \(2,\)",
        ),
        (lambda: encode.pr_curve("t", [0, 1], [0.5, 1.0], weights=[1.0]), WrongValue, "weights"),
        (lambda: encode.pr_curve("t", [0], [0.5], 0), WrongValue, "num_thresholds is 0"),
        (lambda: encode.pr_curve("t", [0], [0.5j]), WrongType, "predictions"),
        (lambda: encode.pr_curve("t", None, [0.5]), WrongType, "labels is None"),
        (lambda: encode.pr_curve_raw("t", *RAW[:5], [1.0, 2.0]), WrongValue, "one length"),
    ],
)
def test_refuses_at_the_call(call: Callable[[], object], error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        call()
