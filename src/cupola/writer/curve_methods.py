"""`add_histogram`, `add_pr_curve`, `add_custom_scalars`: distributions, curves, layouts of charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cupola.writer import encoders
from cupola.writer.forgiving import forgiving
from cupola.writer.lifecycle import Lifecycle
from cupola.writer.untraced import untraced


@untraced
class CurveMethods(Lifecycle):
    """The methods of `SummaryWriter` that log distributions and curves, and that lay out charts."""

    @forgiving
    def add_histogram(
        self,
        tag: str,
        values: Any,
        global_step: Any = None,
        bins: Any = "tensorflow",
        walltime: float | None = None,
        max_bins: int | None = None,
    ) -> None:
        """Logs the distribution of all elements of an array.

        Args:
            tag: name of the series.
            values: numbers of any shape, at least one, on any device. NaN and infinities are dropped and
                counted, masked elements left out; of complex numbers the real part counts.
            global_step: its step; 0 if none is given.
            bins: `tensorflow` (the 1549 edges of `default_bins`), one of NumPy's rules (`auto`, `fd` …), a
                number of bins, or edges that do not decrease.
            walltime: seconds since 1970 UTC; now if none is given.
            max_bins: neighbouring bins are put together until there are about as many.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        if self._bins is not None and isinstance(bins, str) and bins == "tensorflow":
            bins = self._bins
        self._log(encoders.histograms.histogram(tag, values, bins, max_bins), global_step, walltime)

    @forgiving
    def add_histogram_raw(
        self,
        tag: str,
        min: float,
        max: float,
        num: float,
        sum: float,
        sum_squares: float,
        bucket_limits: Any,
        bucket_counts: Any,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Logs a histogram that was counted elsewhere.

        Args:
            tag: name of the series.
            min: the smallest value.
            max: the largest value.
            num: how many values there were.
            sum: their sum.
            sum_squares: the sum of their squares.
            bucket_limits: right edges of the buckets, in order: at least one number.
            bucket_counts: how many values each bucket holds, as many as there are edges.
            global_step: its step; 0 if none is given.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        deferred = encoders.histograms.histogram_raw(
            tag, min, max, num, sum, sum_squares, bucket_limits, bucket_counts
        )
        self._log(deferred, global_step, walltime)

    @property
    def default_bins(self) -> list[float]:
        """The edges of `bins="tensorflow"`, 1549 from -1e20 to 1e20; may be set to others."""
        return list(encoders.histograms.default_edges()) if self._bins is None else self._bins

    @default_bins.setter
    def default_bins(self, edges: Sequence[float]) -> None:
        self._bins = list(edges)

    @forgiving
    def add_pr_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Logs the precision-recall curve of a binary classifier.

        Args:
            tag: name of the series.
            labels: the truth, 0 or 1 for each sample. Samples whose label or weight is NaN or masked are left
                out.
            predictions: probabilities from 0 to 1, as many.
            global_step: its step; 0 if none is given.
            num_thresholds: at least 1; more than 127 count as 127.
            weights: of the samples: a number, or as many as there are samples.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        deferred = encoders.pr_curves.pr_curve(tag, labels, predictions, num_thresholds, weights)
        self._log(deferred, global_step, walltime)

    @forgiving
    def add_pr_curve_raw(
        self,
        tag: str,
        true_positive_counts: Any,
        false_positive_counts: Any,
        true_negative_counts: Any,
        false_negative_counts: Any,
        precision: Any,
        recall: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Logs a precision-recall curve that was counted elsewhere: arrays of a number for each threshold.

        Args:
            tag: name of the series.
            true_positive_counts: how many samples of label 1 are at or above the threshold.
            false_positive_counts: how many samples of label 0 are.
            true_negative_counts: how many samples of label 0 are below it.
            false_negative_counts: how many samples of label 1 are.
            precision: TP / (TP + FP), from 0 to 1.
            recall: TP / (TP + FN), from 0 to 1.
            global_step: its step; 0 if none is given.
            num_thresholds: how many there are, at most 127; only said, not counted.
            weights: accepted for compatibility and ignored.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        counts = (true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts)
        deferred = encoders.pr_curves.pr_curve_raw(tag, *counts, precision, recall, num_thresholds, weights)
        self._log(deferred, global_step, walltime)

    @forgiving
    def add_custom_scalars_multilinechart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Lays out a chart with a line for each tag.

        Args:
            tags: regular expressions of tags.
            category: the group of charts in which it stands.
            title: the chart's name; a chart of the same category and title is replaced.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.custom_scalars.multiline(tags, category, title, self._charts))

    @forgiving
    def add_custom_scalars_marginchart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Lays out a chart of a line in a band.

        Args:
            tags: three tags: the value, its lower and its upper bound.
            category: the group of charts in which it stands.
            title: the chart's name; a chart of the same category and title is replaced.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.custom_scalars.margin(tags, category, title, self._charts))

    @forgiving
    def add_custom_scalars(self, layout: Mapping[str, Any]) -> None:
        """Lays out charts, together with those that this writer laid out before.

        Args:
            layout: `{category: {title: ["Multiline" or "Margin", tags]}}`.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.custom_scalars.layout(layout, self._charts))
