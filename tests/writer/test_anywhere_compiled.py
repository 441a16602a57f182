"""Log calls in what torch.compile compiles: the graph breaks, the call runs as written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.support.event_files import scalars, steps
from tests.support.log_calls import CALLS, CONTROLS, logged
from torch import nn

import cupola
from cupola import FileWriter, SummaryWriter

pytestmark = pytest.mark.filterwarnings("default")  # torch.compile has its own

STEPS = range(3)


@pytest.fixture(autouse=True)
def fresh_compiler() -> Iterator[None]:
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


def run(function: Callable[..., Any], *others: Any, backend: str = "eager", **options: Any) -> list[Any]:
    """What the compiled function returns for three steps."""
    compiled = torch.compile(function, backend=backend, **options)
    return [compiled(torch.full((2, 3), step + 1.0), step, *others) for step in STEPS]


@pytest.mark.parametrize("name", [*CALLS, *CONTROLS])
def test_every_method(tmp_path: Path, name: str) -> None:
    call = {**CALLS, **CONTROLS}[name]

    def step_of_training(x: torch.Tensor, step: int, writer: SummaryWriter) -> torch.Tensor:
        y = (x * 2).sum()
        call(writer, step)
        return y + 1

    compiled, plain = SummaryWriter(tmp_path / "compiled"), SummaryWriter(tmp_path / "plain")
    results = run(step_of_training, compiled)
    assert [float(result) for result in results] == [13.0, 25.0, 37.0]
    for step in STEPS:
        call(plain, step)
    compiled.close()
    plain.close()
    assert logged(tmp_path / "compiled") == logged(tmp_path / "plain")


@pytest.mark.parametrize("backend", ["eager", "aot_eager", "inductor"])
def test_tensors_of_the_graph(tmp_path: Path, backend: str) -> None:
    """Whoever holds the writer, values that the graph computes are those of the step."""
    writer = SummaryWriter(tmp_path)
    globals()["the_writer"] = writer

    class Inner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.writer = writer

        def forward(self, x: torch.Tensor, step: int) -> torch.Tensor:
            y = x.mean() * 2
            self.writer.add_scalar("attribute", y, step)
            return y

    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Inner()

        def forward(self, x: torch.Tensor, step: int, given: SummaryWriter) -> torch.Tensor:
            y = self.inner(x + 1, step)
            writer.add_scalar("closure", y + 1, step)
            given.add_scalar("argument", y + 2, step)
            the_writer.add_scalar("global", y + 3, step)  # type: ignore[name-defined]  # noqa: F821
            given.add_scalars("group", {"a": y, "b": 0.5}, step)
            given.add_histogram("histogram", x, step)
            return y.square()

    results = run(Outer(), writer, backend=backend)
    assert [float(result) for result in results] == [16.0, 36.0, 64.0]
    writer.close()
    points = scalars(tmp_path)
    for added, tag in enumerate(("attribute", "closure", "argument", "global")):
        assert points[tag] == [(step, 2 * (step + 2) + added) for step in STEPS]
    assert scalars(tmp_path / "group_a")["group"] == [(step, 2.0 * (step + 2)) for step in STEPS]
    assert steps(tmp_path, "histogram") == list(STEPS)


def test_gradients_and_hooks(tmp_path: Path) -> None:
    """A compiled model with logging hooks trains as one without."""
    writer, step = SummaryWriter(tmp_path), 0

    def losses(log: bool) -> list[float]:
        nonlocal step
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
        if log:
            model[0].register_forward_hook(lambda _, __, y: writer.add_scalar("forward", y.mean(), step))
            model[0].register_forward_pre_hook(lambda _, x: writer.add_scalar("before", x[0].mean(), step))
            model[2].weight.register_hook(lambda g: writer.add_scalar("gradient", g.norm(), step))
            model[2].weight.register_post_accumulate_grad_hook(
                lambda p: writer.add_histogram("accumulated", p.grad, step)
            )
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        compiled = torch.compile(model, backend="aot_eager")
        found = []
        for step in STEPS:
            loss = compiled(torch.full((2, 3), step + 1.0)).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            found.append(float(loss))
        return found

    assert losses(log=True) == pytest.approx(losses(log=False))
    writer.close()
    for tag in ("forward", "before", "gradient", "accumulated"):
        assert steps(tmp_path, tag) == list(STEPS)


def test_what_is_around_the_writer(tmp_path: Path) -> None:
    """A writer made in compiled code, a subclass, `with`, the peers' file writer."""

    class Mine(SummaryWriter):
        def add_scalar(self, tag: str, *arguments: Any, **keywords: Any) -> None:
            super().add_scalar(f"mine/{tag}", *arguments, **keywords)

        def log_all(self, values: dict[str, Any], step: int) -> None:
            for tag, value in values.items():
                self.add_scalar(tag, value, step)

    def makes_one(x: torch.Tensor, step: int) -> torch.Tensor:
        with SummaryWriter(tmp_path / "made") as writer:
            writer.add_scalar("x", x.mean(), step)
        return x.sum()

    def with_metadata(x: torch.Tensor, step: int, writer: SummaryWriter) -> torch.Tensor:
        with writer.use_metadata(global_step=step):
            writer.add_scalar("metadata", x.mean())
        return x.sum()

    def file_writer(x: torch.Tensor, step: int, writer: FileWriter) -> torch.Tensor:
        writer.add_summary(cupola.summary.scalar("x", 1.0), step)
        return x.sum()

    def subclass(x: torch.Tensor, step: int, writer: Mine) -> torch.Tensor:
        writer.log_all({"a": x.mean(), "b": 1}, step)
        return x.sum()

    sums = [6.0, 12.0, 18.0]
    mine = Mine(tmp_path / "mine")
    assert [float(y) for y in run(makes_one)] == sums
    assert [float(y) for y in run(subclass, mine)] == sums
    assert [float(y) for y in run(with_metadata, mine)] == sums
    peers = FileWriter(tmp_path / "file")
    assert [float(y) for y in run(file_writer, peers)] == sums
    peers.close()
    mine.close()
    for tag in ("mine/a", "mine/b", "mine/metadata"):
        assert steps(tmp_path / "mine", tag) == list(STEPS)
    assert steps(tmp_path / "made", "x") == steps(tmp_path / "file", "x") == list(STEPS)


def test_fullgraph_gives_torchs_own_error(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        compiled = torch.compile(
            lambda x: (writer.add_scalar("x", x.sum()), x)[1], backend="eager", fullgraph=True
        )
        with pytest.raises(torch._dynamo.exc.Unsupported, match=r"add_scalar.*\n*.*it logs"):
            compiled(torch.ones(2))


def test_only_the_log_call_breaks_the_graph(tmp_path: Path) -> None:
    """What stands before and behind a call is compiled, and what it calls is not."""
    graphs: list[torch.fx.GraphModule] = []

    def backend(graph: torch.fx.GraphModule, inputs: Any) -> Any:
        graphs.append(graph)
        return graph

    with SummaryWriter(tmp_path) as writer:

        @torch.compile(backend=backend)
        def function(x: torch.Tensor) -> torch.Tensor:
            y = x.sin()
            writer.add_histogram("h", y, 0)
            writer.add_scalar("x", y.mean(), 0)
            return y.cos()

        function(torch.ones(3))
    called = [node.name for graph in graphs for node in graph.graph.nodes if node.op.startswith("call")]
    assert len(graphs) == 3 and called == ["y", "mean", "cos"]


LATE = """
import sys
from cupola import SummaryWriter
writer = SummaryWriter(sys.argv[1])
assert "torch" not in sys.modules
import torch
def function(x, step):
    writer.add_scalar("x", x.mean(), step)
    return x.sum()
compiled = torch.compile(function, backend="eager")
for step in range(3):
    compiled(torch.ones(2), step)
writer.close()
"""


def test_torch_may_be_imported_later(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LATE, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert steps(tmp_path, "x") == list(STEPS)
