"""Tensors on an accelerator: a stand-in whose copies arrive late, and whose every wait is noticed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from tests.support.encoded import value

from cupola import _codec
from cupola.plugins.histograms import device as histogram_device
from cupola.plugins.histograms import encode as histograms
from cupola.plugins.histograms.bins import default_edges
from cupola.plugins.images import encode as images
from cupola.values import device
from cupola.values.arrays import on_device, snapshot

WAITED = "waited"
FLAG = device._Flag


class OnDevice(torch.Tensor):
    """A CPU tensor that says it is on `cuda:0` and does not let itself be waited for."""

    @property
    def device(self) -> torch.device:
        return torch.device("cuda:0")

    def record_stream(self, stream: object) -> None:
        STREAMS.log.append("kept until the copy is done")

    def cpu(self, *_: Any, **__: Any) -> torch.Tensor:
        raise AssertionError("the caller waits for the accelerator")

    numpy = tolist = item = __float__ = __array__ = cpu


def put(data: object) -> OnDevice:
    return torch.as_tensor(data).clone().as_subclass(OnDevice)


class SlowHost:
    """Pinned memory, to which a copy arrives when somebody waits for it, and no sooner."""

    def __init__(self, tensor: torch.Tensor) -> None:
        self.memory = torch.zeros(tensor.shape, dtype=tensor.dtype)
        self.here = False

    def copy_(self, source: torch.Tensor, non_blocking: bool = False) -> None:
        assert non_blocking
        self.source = source.as_subclass(torch.Tensor)
        STREAMS.arriving = self

    def arrive(self) -> None:
        self.memory.copy_(self.source)
        self.here = True

    def numpy(self) -> np.ndarray:
        assert self.here, "read before it arrived"
        return self.memory.numpy()


class Streams:
    """As much of `torch.cuda` as is used."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.arriving: SlowHost | None = None

    class Stream:
        def __init__(self, place: object) -> None:
            self.place = place

        def wait_stream(self, other: object) -> None:
            assert other == "training"
            STREAMS.log.append("after what training queued")

    def current_stream(self, place: object) -> str:
        return "training"

    @contextlib.contextmanager
    def stream(self, side: object) -> Iterator[None]:
        self.log.append("on a side stream")
        yield


STREAMS = Streams()


class SlowFlag:
    """Is set when somebody waits for it, and no sooner."""

    def __init__(self, byte: object, like: torch.Tensor) -> None:
        self.host: SlowHost | None = None

    def raise_(self) -> None:
        self.host = STREAMS.arriving

    def wait(self, stream: object) -> None:
        assert self.host is not None
        self.host.arrive()
        STREAMS.log.append(WAITED)


@pytest.fixture(autouse=True)
def accelerator(monkeypatch: pytest.MonkeyPatch) -> None:
    STREAMS.log.clear()
    monkeypatch.setattr(device, "_streams", lambda tensor: STREAMS if tensor.device.type == "cuda" else None)
    monkeypatch.setattr(device, "_host_memory", SlowHost)
    monkeypatch.setattr(device, "_side_streams", {})
    monkeypatch.setattr(device, "_pinned", lambda nbytes: torch.zeros(nbytes, dtype=torch.uint8))
    monkeypatch.setattr(device, "_Flag", SlowFlag)
    monkeypatch.setattr(histogram_device, "to_device", lambda array, like: torch.from_numpy(array))
    monkeypatch.setattr(histogram_device, "_cached_edges", {})


def test_a_copy_is_not_waited_for_and_is_of_the_moment_of_the_call() -> None:
    tensor = put([1.0, 2.0, 3.0])
    taken = snapshot(tensor)
    tensor.zero_()
    assert WAITED not in STREAMS.log
    assert (taken.shape, taken.dtype, taken.nbytes) == ((3,), np.dtype(np.float32), 12)
    assert STREAMS.log == ["after what training queued", "on a side stream", "kept until the copy is done"]
    assert taken.array().tolist() == [1, 2, 3]
    assert STREAMS.log[-1] == WAITED


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.int64, torch.bool, torch.complex64])
def test_dtypes(dtype: torch.dtype) -> None:
    tensor = torch.tensor([[0.0, 1.0], [1.0, 0.0]]).to(dtype)
    taken = snapshot(put(tensor).t())
    wanted = tensor.t().float().numpy() if dtype == torch.bfloat16 else tensor.t().numpy()
    assert taken.dtype == wanted.dtype
    np.testing.assert_array_equal(taken.array(), wanted)


def test_what_is_on_the_host_is_no_devices() -> None:
    assert on_device(torch.zeros(3)) is None
    assert on_device(np.zeros(3)) is None
    assert on_device(put([1.0])) is not None


def test_a_device_without_streams_is_read_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_streams", lambda tensor: None)
    tensor = torch.ones(2)
    wait = device.start_copy(tensor)
    tensor.zero_()
    assert wait().tolist() == [1, 1]


def test_a_full_device_is_waited_for_rather_than_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(torch.Tensor):
        device = torch.device("cuda:0")

        def clone(self, **_: Any) -> torch.Tensor:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 4 bytes")

        def split(self, *_: Any) -> Any:
            return self.clone()

        def cpu(self) -> torch.Tensor:
            return self.as_subclass(torch.Tensor)

    values = torch.randn(30)
    full = values.as_subclass(Full)
    np.testing.assert_array_equal(snapshot(full).array(), values.numpy())
    assert value(histograms.histogram("t", full)) == value(histograms.histogram("t", values))
    monkeypatch.setattr(
        Full, "clone", lambda self, **_: (_ for _ in ()).throw(RuntimeError("device-side assert"))
    )
    for call in (snapshot, lambda tensor: histograms.histogram("t", tensor)):
        with pytest.raises(RuntimeError, match="device-side"):
            call(full)


def test_images_do_not_wait() -> None:
    image = torch.rand(3, 8, 8)
    deferred = images.image("t", put(image))
    assert WAITED not in STREAMS.log
    assert value(deferred) == value(images.image("t", image))


@pytest.mark.parametrize("bins", ["tensorflow", [-1.0, 0.0, 0.5, 2.0]])
def test_histograms_are_counted_on_the_device(bins: object) -> None:
    values = torch.randn(3000)
    values[5], values[6] = torch.nan, torch.inf
    tensor = put(values)
    deferred = histograms.histogram("t", tensor, bins, max_bins=700)
    tensor.zero_()
    assert WAITED not in STREAMS.log
    ours, wanted = value(deferred).histo, value(histograms.histogram("t", values, bins, max_bins=700)).histo
    assert STREAMS.arriving is not None
    assert STREAMS.arriving.memory.numel() <= 1548 + 5  # only the counts travelled
    assert (ours.num, ours.min, ours.max) == (wanted.num, wanted.min, wanted.max)
    assert (list(ours.bucket), list(ours.bucket_limit)) == (list(wanted.bucket), list(wanted.bucket_limit))
    assert (ours.sum, ours.sum_squares) == (pytest.approx(wanted.sum), pytest.approx(wanted.sum_squares))


def test_numpys_rules_take_the_whole_tensor() -> None:
    values = torch.randn(300)
    assert value(histograms.histogram("t", put(values), "auto")) == value(
        histograms.histogram("t", values, "auto")
    )


@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.float64, torch.float16, torch.int64, torch.bool, torch.complex64]
)
@pytest.mark.parametrize("chunk", [7, 1 << 22])
def test_counts_on_a_device_are_the_codecs(
    monkeypatch: pytest.MonkeyPatch, dtype: torch.dtype, chunk: int
) -> None:
    monkeypatch.setattr(histogram_device, "CHUNK", chunk)
    edges = default_edges()
    near = np.concatenate(
        [edges[::9], np.nextafter(edges[::9], np.inf), [0.0, -0.0, 1e30, np.nan, np.inf, edges[-1]]]
    )
    data = (
        torch.from_numpy(near).nan_to_num(2, 3).clamp(-100, 100)
        if not dtype.is_floating_point
        else torch.from_numpy(near)
    )
    tensor = data.to(dtype)
    *counts, finite, smallest, largest, total, squares = histogram_device.count(
        tensor, torch.from_numpy(edges)
    ).tolist()
    plain = (tensor.real if dtype.is_complex else tensor).double().numpy()
    wanted = _codec.count_bins(plain, edges)
    np.testing.assert_array_equal(counts, wanted[0])
    assert (finite, smallest, largest) == wanted[1:4]
    assert (total, squares) == (pytest.approx(wanted[4]), pytest.approx(wanted[5]))


def test_a_flag_is_looked_at_and_the_driver_is_not_asked() -> None:
    """A question from another thread would break a CUDA graph that is being captured."""
    byte = torch.zeros(1, dtype=torch.uint8)
    flag = FLAG(byte, byte)
    threading.Timer(0.05, flag.raise_).start()
    flag.wait(None)
    assert byte.item() == 0, "it can be used again"


def test_a_device_that_failed_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failed:
        def query(self) -> bool:
            raise RuntimeError("device-side assert")

    monkeypatch.setattr(device, "ASK_AFTER_S", 0.0)
    byte = torch.zeros(1, dtype=torch.uint8)
    with pytest.raises(RuntimeError, match="device-side"):
        FLAG(byte, byte).wait(Failed())


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.int64, torch.bool])
def test_a_slot_is_used_again(monkeypatch: pytest.MonkeyPatch, dtype: torch.dtype) -> None:
    monkeypatch.setattr(device, "_Flag", FLAG)
    monkeypatch.setattr(device, "_ones", {"cuda:0": torch.ones(1, dtype=torch.uint8)})
    monkeypatch.setattr(device, "_free_slots", [])
    for number in (1, 0, 1):
        taken = device.start_copy_of_number(torch.tensor(number, dtype=dtype).as_subclass(OnDevice))
        assert len(device._free_slots) == device._SLOTS - 1
        assert taken() == number
        assert len(device._free_slots) == device._SLOTS
