"""Values on an accelerator: copied to the host while the training loop goes on.

The tensor is first copied on its device, in the order of the training's own stream, so that later changes in
place cannot reach the copy. Then a stream of our own transfers the copy to pinned memory; the encoding thread
waits for it.

Source: https://docs.pytorch.org/docs/stable/notes/cuda.html (asynchronous execution, pinned memory,
    `record_stream`)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cupola.values.torch_tensors import unseen

_side_streams: dict[str, Any] = {}


def numpy_dtype(tensor: Any) -> np.dtype[Any]:
    """The NumPy dtype of a torch tensor's dtype, by name."""
    return np.dtype(str(tensor.dtype).removeprefix("torch."))


@unseen()
def start_copy(tensor: Any) -> Callable[[], NDArray[Any]]:
    """Starts to copy a tensor from its device to the host.

    Args:
        tensor: a dense torch tensor on any device, of a dtype that NumPy has.

    Returns:
        A function that waits for the copy and returns the values as they were at the call.
    """
    torch = sys.modules["torch"]
    try:
        frozen = tensor.detach().resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format)
    except RuntimeError as error:
        if not is_full(error):
            raise
        copied = tensor.detach().cpu().resolve_conj().resolve_neg().numpy()  # better to wait than to fail
        return lambda: np.asarray(copied)
    streams = _streams(frozen)
    if streams is None:  # MPS and others: the encoding thread does the transfer
        return lambda: np.asarray(frozen.cpu().numpy())
    host = _host_memory(frozen)
    side = _side_stream(streams, frozen.device)
    side.wait_stream(streams.current_stream(frozen.device))
    with streams.stream(side):
        host.copy_(frozen, non_blocking=True)
        arrived = streams.Event(blocking=True)  # sleeps while it waits
        arrived.record(side)
    frozen.record_stream(side)  # its memory is not handed out again before the copy is done

    def wait() -> NDArray[Any]:
        arrived.synchronize()
        return np.asarray(host.numpy())

    return wait


def is_full(error: RuntimeError) -> bool:
    """Whether torch means that the device has no memory left."""
    return "out of memory" in str(error)


def to_device(array: NDArray[Any], like: Any) -> Any:
    """An array as a tensor on another tensor's device, without waiting where there are streams."""
    torch = sys.modules["torch"]
    tensor = torch.from_numpy(array)
    if _streams(like) is None:
        return tensor.to(like.device)
    return tensor.pin_memory().to(like.device, non_blocking=True)


def _streams(tensor: Any) -> Any:
    """The module with `Stream`, `Event`, `current_stream` and `stream` of a tensor's kind of device, or
    None.
    """
    kind = tensor.device.type
    return getattr(sys.modules["torch"], kind) if kind in ("cuda", "xpu") else None


def _host_memory(tensor: Any) -> Any:
    return sys.modules["torch"].empty(tensor.shape, dtype=tensor.dtype, device="cpu", pin_memory=True)


def _side_stream(streams: Any, device: Any) -> Any:
    side = _side_streams.get(str(device))
    if side is None:
        side = _side_streams[str(device)] = streams.Stream(device)
    return side
