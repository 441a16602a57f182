"""On a GPU: no call waits for the device, values are those of the call's moment, and a graph that is being
captured stays whole. Skipped without one.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cupola
from cupola import SummaryWriter

torch = pytest.importorskip("torch")
if not torch.cuda.is_available():
    pytest.skip("there is no CUDA device", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("default")

SLOW_CYCLES = 400_000_000
"""A fifth of a second of the device: long beside any call that does not wait."""


@pytest.fixture
def unsynchronised() -> Iterator[None]:
    """An error for whatever waits for the device on the calling thread."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls the mode a prototype
        torch.cuda.set_sync_debug_mode("error")
    yield
    torch.cuda.set_sync_debug_mode("default")


def numbers(logdir: Path, tag: str) -> list[tuple[int, float]]:
    columns = cupola.open(logdir).scalars(tag=tag)
    return list(zip(columns.step.tolist(), columns.value.tolist(), strict=True))


def log_all(writer: SummaryWriter, value: Any, picture: Any, step: int) -> None:
    writer.add_scalar("scalar", value, step)
    writer.add_scalars("several", {"a": value, "b": value * 2}, step)
    writer.add_histogram("histogram", picture, step)
    writer.add_image("image", picture, step)
    writer.add_tensor("tensor", picture, step)


@pytest.mark.usefixtures("unsynchronised")
def test_no_call_waits_and_values_are_those_of_the_call(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    value = torch.zeros((), device="cuda")
    picture = torch.zeros(3, 8, 8, device="cuda")
    log_all(writer, value, picture, 99)  # CUDA loads a kernel, and pins memory, once: that does wait
    writer.flush()
    for step in range(5):
        torch.cuda._sleep(SLOW_CYCLES)
        value.fill_(step)
        picture.fill_(step / 5)
        done = torch.cuda.Event()
        done.record()
        log_all(writer, value, picture, step)
        assert not done.query(), "a call waited for the device"
        value.fill_(-1)
        picture.fill_(1)
    torch.cuda.set_sync_debug_mode("default")
    writer.close()
    assert numbers(tmp_path, "scalar") == [(99, 0.0), *((step, float(step)) for step in range(5))]
    assert numbers(tmp_path / "several_b", "several")[1:] == [(step, 2.0 * step) for step in range(5)]


@pytest.mark.parametrize(
    "dtype", ["float64", "float32", "float16", "bfloat16", "int64", "uint8", "bool", "float8_e4m3fn"]
)
def test_every_dtype_arrives(tmp_path: Path, dtype: str) -> None:
    value = torch.ones((), device="cuda").to(getattr(torch, dtype))
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("scalar", value, 1)
        writer.add_histogram("histogram", value.expand(4), 1)
    assert numbers(tmp_path, "scalar") == [(1, 1.0)]


def test_on_a_stream_of_its_own(tmp_path: Path) -> None:
    """A value is taken in the order of the stream that is current at the call."""
    stream = torch.cuda.Stream()
    with SummaryWriter(tmp_path) as writer, torch.cuda.stream(stream):
        value = torch.zeros((), device="cuda")
        for step in range(20):
            torch.cuda._sleep(SLOW_CYCLES // 100)
            value.add_(1)
            writer.add_scalar("scalar", value, step)
    assert numbers(tmp_path, "scalar") == [(step, step + 1.0) for step in range(20)]


def test_a_capture_stays_whole(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "cupola")
    writer = SummaryWriter(tmp_path)
    given = torch.ones(4, device="cuda")
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        made = given * 2
        for step in range(3):
            writer.add_scalar("captured", made.sum(), step)
            writer.add_histogram("captured/histogram", made, step)
        writer.add_scalar("at hand", 1.0, 0)
    given.fill_(3)
    graph.replay()
    writer.add_scalar("replayed", made.sum(), 0)
    writer.close()
    assert numbers(tmp_path, "at hand") == [(0, 1.0)]
    assert numbers(tmp_path, "replayed") == [(0, 24.0)]
    said = [record.getMessage() for record in caplog.records]
    assert sum("is left out" in line and "recorded by a CUDA graph" in line for line in said) == 2, said
    assert "6 values could not be logged" in said[-1]


def test_a_capture_beside_values_on_their_way(tmp_path: Path) -> None:
    """The encoding thread waits for them meanwhile, and may not disturb the capture by that."""
    given = torch.ones(4, device="cuda")
    with SummaryWriter(tmp_path) as writer:
        for step in range(5):
            torch.cuda._sleep(SLOW_CYCLES)
            writer.add_scalar("scalar", given.sum(), step)
            writer.add_histogram("histogram", given, step)
            graph = torch.cuda.CUDAGraph()
            stream = torch.cuda.Stream()
            with torch.cuda.graph(graph, stream=stream):
                for _ in range(200):
                    given = given * 1
            graph.replay()
    assert numbers(tmp_path, "scalar") == [(step, 4.0) for step in range(5)]


def test_compiled_with_cuda_graphs(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)

    @torch.compile(mode="reduce-overhead")
    def step(x: Any, number: int) -> Any:
        loss = (x * 2).square().mean()
        writer.add_scalar("loss", loss.detach(), number)
        return loss * 3

    made = [float(step(torch.full((8,), float(number), device="cuda"), number)) for number in range(6)]
    writer.close()
    assert made == [12.0 * number**2 for number in range(6)]
    assert numbers(tmp_path, "loss") == [(number, 4.0 * number**2) for number in range(6)]


def test_a_graph_leaves_the_device_as_it_was(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.Dropout(0.5), torch.nn.BatchNorm1d(8)).cuda()
    given = torch.randn(4, 8, device="cuda")
    state, parameters = torch.cuda.get_rng_state(), [item.clone() for item in model.state_dict().values()]
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(model, given)
    assert torch.equal(torch.cuda.get_rng_state(), state)
    assert all(
        torch.equal(now, before) for now, before in zip(model.state_dict().values(), parameters, strict=True)
    )
    assert np.isfinite(float(model(given).sum()))
