"""Values on an accelerator: copied to the host while the training loop goes on.

The tensor is first copied on its device, in the order of the training's own stream, so that later changes in
place cannot reach the copy. Then a stream of our own transfers the copy to pinned memory; the encoding thread
waits for it.

Source: https://docs.pytorch.org/docs/stable/notes/cuda.html (asynchronous execution, pinned memory,
    `record_stream`, CUDA graphs)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.values.torch_tensors import unseen

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 50e-6, 2e-3
"""Between two looks at a flag."""
ASK_AFTER_S = 5.0
"""So long nothing arrives before the driver is asked whether the device has failed."""

_side_streams: dict[str, Any] = {}
_ones: dict[str, Any] = {}
_SLOTS = 1024
_free_slots: list[_Slot] = []


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
    host, flag = _host_memory(frozen), _Flag(_pinned(1), frozen)
    side = _side_stream(streams, frozen.device)
    side.wait_stream(streams.current_stream(frozen.device))
    with streams.stream(side):
        host.copy_(frozen, non_blocking=True)
        flag.raise_()
    frozen.record_stream(side)  # its memory is not handed out again before the copy is done

    def wait() -> NDArray[Any]:
        flag.wait(side)
        return np.asarray(host.numpy())

    return wait


@unseen()
def start_copy_of_number(tensor: Any) -> Callable[[], float]:
    """Starts to copy a tensor of one real element from its device to the host.

    Eight bytes need no stream of their own: they are copied in the training's, between what made the number
    and what may change it.

    Returns:
        A function that waits for the copy and returns the number.
    """
    if _streams(tensor) is None:
        arrived = start_copy(tensor)
        return lambda: float(arrived().reshape(()))
    try:
        slot = _free_slots.pop()
    except IndexError:
        _free_slots.extend(map(_Slot, _pinned(_SLOTS * _Slot.NBYTES).split(_Slot.NBYTES)))
        slot = _free_slots.pop()
    stream = slot.start(tensor)
    return lambda: slot.take(stream)


class _Flag:
    """A byte of the host's memory that the device sets once all before it on a stream is done.

    It is looked at, and the driver is not asked: a question from the encoding thread would break a CUDA graph
    that the program happens to capture meanwhile (`cudaStreamCaptureModeGlobal`).
    """

    def __init__(self, byte: Any, like: Any) -> None:
        self._byte = byte
        self._host = byte.numpy()
        device = str(like.device)
        if device not in _ones:
            _ones[device] = sys.modules["torch"].ones(1, dtype=byte.dtype, device=like.device)
        self._one = _ones[device]

    def raise_(self) -> None:
        """Sets it behind what the current stream does now."""
        self._byte.copy_(self._one, non_blocking=True)

    def wait(self, stream: Any) -> None:
        """Returns once it is set.

        Raises:
            RuntimeError: the device has failed.
        """
        pause_s, asked = SHORTEST_PAUSE_S, time.monotonic()
        while not self._host[0]:
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            if time.monotonic() - asked > ASK_AFTER_S:
                stream.query()
                asked = time.monotonic()
        self._host[0] = 0


class _Slot:
    """Pinned memory for a number and its flag, used again and again: to give pinned memory back is a question
    to the driver, too.
    """

    NBYTES: Final = 16

    def __init__(self, memory: Any) -> None:
        self._memory = memory
        self._views: dict[Any, tuple[Any, NDArray[Any]]] = {}
        self._flags: dict[Any, _Flag] = {}
        self._dtype: Any = None
        self._device: Any = None

    def start(self, tensor: Any) -> Any:
        """Queues the copy behind what the current stream does now, and returns a stream of the device."""
        self._dtype, self._device = tensor.dtype, tensor.device
        if self._dtype not in self._views:
            view = self._memory[: tensor.element_size()].view(self._dtype)
            self._views[self._dtype] = view, view.numpy()
        if self._device not in self._flags:
            self._flags[self._device] = _Flag(self._memory[8:9], tensor)
        self._views[self._dtype][0].copy_(tensor.detach().reshape(1), non_blocking=True)
        self._flags[self._device].raise_()
        return _side_stream(_streams(tensor), self._device)

    def take(self, stream: Any) -> float:
        """Waits for the number, and makes the slot free."""
        self._flags[self._device].wait(stream)
        number = float(self._views[self._dtype][1][0])
        _free_slots.append(self)
        return number


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


def _pinned(nbytes: int) -> Any:
    torch = sys.modules["torch"]
    return torch.zeros(nbytes, dtype=torch.uint8, device="cpu", pin_memory=True)


def _side_stream(streams: Any, device: Any) -> Any:
    side = _side_streams.get(str(device))
    if side is None:
        side = _side_streams[str(device)] = streams.Stream(device)
    return side
