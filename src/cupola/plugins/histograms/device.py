"""Histograms of tensors on an accelerator: counted there, so that only the counts travel."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cupola.values.device import is_full, start_copy, to_device

Counted: TypeAlias = "tuple[NDArray[np.int64], int, float, float, float, float]"
"""Counts in bins, and of the finite values number, smallest, largest, sum, sum of squares."""

CHUNK: Final = 1 << 22
"""Elements that are counted at a time: about 100 MiB of the device's memory."""

NO_FLOAT64: Final = frozenset({"mps"})
"""Devices that cannot compare in double precision, without which counts would not be exact."""

_cached_edges: dict[str, Any] = {}


def start_count(
    tensor: Any, edges: NDArray[np.float64], cached: bool = False
) -> Callable[[], Counted] | None:
    """Starts to count the values of a tensor on its device.

    Args:
        tensor: on a device; of complex numbers the real part is taken.
        edges: finite, in order, at least two.
        cached: whether these edges will be used again, and may stay on the device.

    Returns:
        A function that waits for the counts and returns what `_codec.count_bins` does; None if the device has
        no memory left for them.
    """
    torch = sys.modules["torch"]
    place = str(tensor.device)
    try:
        bounds = _cached_edges.get(place) if cached else None
        if bounds is None:
            bounds = to_device(edges, tensor)
        if cached:
            _cached_edges[place] = bounds
        with torch.no_grad():
            copied = start_copy(count(tensor, bounds))
    except RuntimeError as error:
        if is_full(error):
            return None
        raise

    def wait() -> Counted:
        *counts, finite, smallest, largest, total, squares = copied().tolist()
        return np.array(counts, np.int64), int(finite), smallest, largest, total, squares

    return wait


def count(tensor: Any, bounds: Any) -> Any:
    """Counts in each bin, then of the finite values number, smallest, largest, sum, sum of squares: one
    float64 tensor on the device.

    Nothing here asks for a value, so nothing waits.
    """
    torch = sys.modules["torch"]
    bins = len(bounds) - 1
    slots = bounds.new_zeros(bins + 3)  # before the first edge, the bins, behind the last edge, not finite
    statistics = []
    real = tensor.detach().real if tensor.is_complex() else tensor.detach()
    for part in real.reshape(-1).split(CHUNK):
        wide = part.to(torch.float64).contiguous()
        finite = torch.isfinite(wide)
        slot = torch.searchsorted(bounds, wide, right=True)
        slot = torch.where(wide == bounds[-1], slot - 1, slot)
        slot = torch.where(finite, slot, bins + 2)
        slots.index_add_(0, slot, torch.ones_like(wide))
        kept = torch.where(finite, wide, 0.0)
        low, high = torch.where(finite, wide, torch.inf).min(), torch.where(finite, wide, -torch.inf).max()
        statistics.append(
            torch.stack([finite.sum(dtype=torch.float64), low, high, kept.sum(), (kept * kept).sum()])
        )
    table = torch.stack(statistics)
    summed = table.sum(0)
    summary = torch.stack([summed[0], table[:, 1].min(), table[:, 2].max(), summed[3], summed[4]])
    return torch.cat([slots[1 : bins + 1], summary])
