"""Labels and predictions to the bytes of a precision-recall curve.

Source: torch/utils/tensorboard/summary.py, compute_curve (torch 2.13.0), to the last bit;
    tensorboard/plugins/pr_curve/{plugin_data.proto,summary.py} (tensorboard 2.21.0): rows TP, FP, TN, FN,
    precision, recall, one column for each threshold.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongType, WrongValue
from cupola.events import event, tensor, wire
from cupola.values.arguments import as_count, check_tag
from cupola.values.arrays import Snapshot, make_np, snapshot
from cupola.values.deferred import Deferred

MAX_THRESHOLDS: Final = 127
"""Both peers' cap."""

ROWS: Final = 6

_MINIMUM_COUNT: Final = 1e-7


def pr_curve(
    tag: str, labels: Any, predictions: Any, num_thresholds: int = 127, weights: Any = None
) -> Deferred:
    """The curve of a binary classifier.

    Args:
        tag: name of the series.
        labels: the truth, 0 or 1 for each sample; none at all gives a curve of zeros. Samples whose label or
            weight is NaN or masked are left out.
        predictions: probabilities in [0, 1], as many; what lies outside counts for no threshold.
        num_thresholds: at least 1; more than 127 count as 127.
        weights: of the samples; a number or as many as samples.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    count = min(as_count(num_thresholds, "num_thresholds"), MAX_THRESHOLDS)
    taken = {"labels": _real(labels, "labels"), "predictions": _real(predictions, "predictions")}
    if weights is not None:
        taken["weights"] = _real(weights, "weights")
    samples = taken["labels"].shape
    for name, item in taken.items():
        if item.shape != samples and not (name == "weights" and item.ndim == 0):
            raise WrongValue(
                f"{name} has shape {item.shape}, but labels has {samples}; wanted one for each sample"
            )
    encode = partial(_encode_curve, tag, *taken.values(), count=count)
    return Deferred(tag, sum(item.nbytes for item in taken.values()), encode)


def pr_curve_raw(
    tag: str,
    true_positive_counts: Any,
    false_positive_counts: Any,
    true_negative_counts: Any,
    false_negative_counts: Any,
    precision: Any,
    recall: Any,
    num_thresholds: int = 127,
    weights: Any = None,
) -> Deferred:
    """A curve that was computed elsewhere: six lists of one length.

    Args:
        tag: name of the series.
        true_positive_counts: for each threshold.
        false_positive_counts: for each threshold.
        true_negative_counts: for each threshold.
        false_negative_counts: for each threshold.
        precision: for each threshold.
        recall: for each threshold.
        num_thresholds: stands in the metadata only, at most 127.
        weights: ignored, as by both peers.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    count = min(as_count(num_thresholds, "num_thresholds"), MAX_THRESHOLDS)
    named = {
        "true_positive_counts": true_positive_counts,
        "false_positive_counts": false_positive_counts,
        "true_negative_counts": true_negative_counts,
        "false_negative_counts": false_negative_counts,
        "precision": precision,
        "recall": recall,
    }
    rows = {name: make_np(value, name) for name, value in named.items()}
    for name, row in rows.items():
        if row.ndim != 1 or not row.size or row.shape != rows["precision"].shape:
            lengths = ", ".join(f"{other} {list(values.shape)}" for other, values in rows.items())
            raise WrongValue(f"{name} has shape {row.shape}; wanted six lists of one length, got {lengths}")
    matrix = np.stack(list(rows.values()))
    return Deferred(tag, matrix.nbytes, partial(_encode_matrix, tag, matrix, count))


def compute_curve(
    labels: NDArray[Any],
    predictions: NDArray[Any],
    num_thresholds: int,
    weights: NDArray[Any] | float | None = None,
) -> NDArray[np.float64]:
    """Rows TP, FP, TN, FN, precision, recall over the thresholds: 6 x num_thresholds.

    Args:
        labels: the truth, 0 or 1 for each sample.
        predictions: probabilities in [0, 1], as many.
        num_thresholds: at least 1.
        weights: of the samples: a number, or as many as there are samples.

    Raises:
        ValueError: arrays of different shapes, from NumPy.
    """
    weights = 1.0 if weights is None else weights
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.floor(predictions * (num_thresholds - 1))
        buckets = np.where(np.isfinite(scaled), scaled, -1).astype(np.int32)
    truth = labels.astype(np.float64)
    span = (0, num_thresholds - 1)
    with np.errstate(invalid="ignore", over="ignore"):
        positive, negative = truth * weights, (1.0 - truth) * weights
    tp_buckets, _ = np.histogram(buckets, bins=num_thresholds, range=span, weights=positive)
    fp_buckets, _ = np.histogram(buckets, bins=num_thresholds, range=span, weights=negative)
    tp = np.cumsum(tp_buckets[::-1])[::-1]
    fp = np.cumsum(fp_buckets[::-1])[::-1]
    tn = fp[0] - fp
    fn = tp[0] - tp
    precision = tp / np.maximum(_MINIMUM_COUNT, tp + fp)
    recall = tp / np.maximum(_MINIMUM_COUNT, tp + fn)
    return np.stack((tp, fp, tn, fn, precision, recall))


def _encode_curve(
    tag: str, labels: Snapshot, predictions: Snapshot, weights: Snapshot | None = None, *, count: int
) -> list[bytes]:
    truth, predicted = labels.array(), predictions.array()
    given = None if weights is None else np.broadcast_to(weights.array(), truth.shape)
    known = ~np.isnan(truth) if given is None else ~(np.isnan(truth) | np.isnan(given))
    if not known.all():
        truth, predicted, given = truth[known], predicted[known], None if given is None else given[known]
    return _encode_matrix(tag, compute_curve(truth, predicted, count, given), count)


def _encode_matrix(tag: str, matrix: NDArray[Any], num_thresholds: int) -> list[bytes]:
    metadata = event.SummaryMetadata("pr_curves", content=wire.field_varint(2, num_thresholds))
    return [event.encode_value(tag, event.TENSOR, tensor.encode_list(matrix.astype(np.float32)), metadata)]


def _real(value: Any, name: str) -> Snapshot:
    taken = snapshot(value, name)
    if taken.dtype.kind == "c":
        raise WrongType(f"{name} has dtype {taken.dtype}; wanted real numbers")
    return taken
