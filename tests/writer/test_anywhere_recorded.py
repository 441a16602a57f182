"""Log calls where torch only records: traces, exports, function transforms, CUDA graphs."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.support.event_files import scalars, values
from torch import nn

from cupola import SummaryWriter


class Logging(nn.Module):
    def __init__(self, writer: SummaryWriter | None) -> None:
        super().__init__()
        self.writer = writer
        self.layer = nn.Linear(2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.layer(x)
        if self.writer is not None:
            self.writer.add_scalar("tensor", y.mean(), 0)
            self.writer.add_histogram("histogram", y, 0)
            self.writer.add_scalar("number", 0.5, 0)
        return y * 2


def test_a_trace_is_as_without_the_log_calls(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer, warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DeprecationWarning)
        logged, plain = (
            torch.jit.trace(Logging(given), torch.ones(3, 2), check_trace=False) for given in (writer, None)
        )
    kinds = [[node.kind() for node in traced.inlined_graph.nodes()] for traced in (logged, plain)]
    assert [kind for kind in kinds[0] if kind.startswith("aten")][-2:] == [
        kind for kind in kinds[1] if kind.startswith("aten")
    ]
    assert set(scalars(tmp_path)) == {"tensor", "histogram", "number"}


def test_an_export_leaves_out_what_has_no_value(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with SummaryWriter(tmp_path) as writer, caplog.at_level(logging.WARNING, "cupola"):
        for _ in range(3):
            torch.export.export(Logging(writer), (torch.ones(3, 2),), strict=False)
        with pytest.raises(torch._dynamo.exc.Unsupported, match="it logs"):
            torch.export.export(Logging(writer), (torch.ones(3, 2),), strict=True)
    assert "tensor" not in scalars(tmp_path) and scalars(tmp_path)["number"]
    assert (
        sum("fake tensor" in record.message and "warned once" in record.message for record in caplog.records)
        == 2
    )


TRANSFORMS: dict[str, Any] = {
    "grad": lambda f, x: torch.func.grad(f)(x),
    "vjp": lambda f, x: torch.func.vjp(f, x),
    "jvp": lambda f, x: torch.func.jvp(f, (x,), (x,)),
    "jacrev": lambda f, x: torch.func.jacrev(f)(x),
    "jacfwd": lambda f, x: torch.func.jacfwd(f)(x),
    "hessian": lambda f, x: torch.func.hessian(f)(x),
    "functionalize": lambda f, x: torch.func.functionalize(f)(x),
}


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_transforms_have_the_value_that_they_stand_for(tmp_path: Path, transform: str) -> None:
    with SummaryWriter(tmp_path) as writer:

        def function(x: torch.Tensor) -> torch.Tensor:
            writer.add_scalar("sum", x.sum(), 0)
            writer.add_histogram("values", x, 0)
            return x.square().sum()

        TRANSFORMS[transform](function, torch.ones(3, 2))
    assert {value for _, value in scalars(tmp_path)["sum"]} == {6.0}
    assert {value.histo.sum for value in values(tmp_path) if value.tag == "values"} == {6.0}


def test_a_batched_tensor_names_the_remedy(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(TypeError, match=r"scalar_value .*vmap.* outside"):
        torch.vmap(lambda row: (writer.add_scalar("x", row.sum()), row)[1])(torch.ones(2, 3))


class OnCuda(torch.Tensor):
    """A CPU tensor that says it is on `cuda:0`, and that waiting for it is a fault."""

    @property
    def device(self) -> torch.device:
        return torch.device("cuda:0")

    @property
    def is_cpu(self) -> bool:
        return False

    def item(self) -> Any:
        raise AssertionError("the caller waits for the device")

    cpu = numpy = tolist = clone = item


def test_a_cuda_graph_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_current_stream_capturing", lambda: True)
    with SummaryWriter(tmp_path) as writer, caplog.at_level(logging.WARNING, "cupola"):
        for step in range(3):
            writer.add_scalar("x", torch.ones(()).as_subclass(OnCuda), step)
            writer.add_histogram("h", torch.ones(3).as_subclass(OnCuda), step)
            writer.add_scalar("number", 1.0, step)
    assert set(scalars(tmp_path)) == {"number"}
    told = [record.message for record in caplog.records if "CUDA graph" in record.message]
    assert sum("warned once" in message for message in told) == 2
