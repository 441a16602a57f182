"""How long a layout will take and how much memory, so that nobody starts an hour unawares."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cupola.plugins.projector.layouts.parameters import Parameters

# Seconds of one core as measured on an AMD EPYC of 2.4 GHz (benchmarks/bench_projector.py).
_REDUCE = 4e-11  # per value and dimension
_NEIGHBOUR = 2.4e-6  # per point and component
_TSNE = 1.25e-6  # per point and iteration
_UMAP = 1e-6
_READ = 1e-8  # per value
_START_S = 0.3  # of a process
_UNKNOWN_S = 5.0  # per step of unknown size


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of one layout."""

    duration_s: float
    """While nothing else computes."""
    memory_bytes: int
    """Of its process."""


def estimate(parameters: Parameters, shape: tuple[int, int]) -> Estimate:
    """What a layout of an N×D matrix takes, within a factor of about two."""
    count, width = min(shape[0], parameters["points"]), shape[1]
    components = min(width, parameters["components"])
    if parameters.method == "tsne":
        k, iterations, each = 3 * parameters["perplexity"], parameters["iterations"], _TSNE
        each *= 1 if parameters["dimensions"] == 2 else 3
    else:
        k, each = parameters["neighbours"], _UMAP * parameters["neighbours"] / 15
        iterations = parameters["iterations"] or (500 if count <= 10_000 else 200)
    work_s = count * (width * (width + components) * _REDUCE + components * _NEIGHBOUR + iterations * each)
    cores = min(os.cpu_count() or 1, 8) if parameters.method == "tsne" else 1
    edges = count * min(k, count)
    return Estimate(0.5 + work_s / cores**0.8, int(64e6 + count * (width + 2 * components) * 4 + edges * 44))


def estimate_film(
    parameters: Parameters, axes: Sequence[Mapping[str, Any]] | None, shapes: Sequence[tuple[int, ...]]
) -> Estimate:
    """What layouts of some steps take, one after the other.

    Args:
        parameters: of each.
        axes: on which points are projected; None: they are fitted.
        shapes: rows and columns of each step; empty where nothing says so before it is read, which then
            counts as more than starts by itself.
    """
    unknown_s = _UNKNOWN_S * sum(len(shape) != 2 for shape in shapes)
    shapes = [shape for shape in shapes if len(shape) == 2]
    if axes is None:
        each = [estimate(parameters, (shape[0], shape[1])) for shape in shapes]
        duration_s = sum(one.duration_s for one in each)
        return Estimate(unknown_s + duration_s, max((one.memory_bytes for one in each), default=0))
    values = [math.prod(shape) for shape in shapes]
    work = sum(value * (_READ + min(shape) * _REDUCE) for value, shape in zip(values, shapes, strict=True))
    return Estimate(_START_S + unknown_s + work, int(64e6 + 12 * max(values, default=0)))
