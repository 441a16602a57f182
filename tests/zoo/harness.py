"""A program that logs its model's graph, beside a twin that never does: nothing may tell them apart."""

from __future__ import annotations

import contextlib
import random
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tests.zoo import state
from tests.zoo.registry import Entry, Sample, plain_call

from cupola import SummaryWriter
from cupola.plugins.graphs.recorder import values

SEED = 20261126


def assert_harmless(entry: Entry, logdir: Path) -> None:
    """Runs the model of `entry` in both programs: log, a training step, log, an inference step.

    Asserts that a graph is written, that logging leaves all that the program can reach as it was (the same
    objects in the same memory, the random generators, torch's settings, no tensor without data), and that
    losses, gradients, parameters and all else are bitwise the twin's after each step.
    """
    with contextlib.ExitStack() as around:
        if entry.within is not None:
            around.enter_context(entry.within())
        alone, logged = _Program(entry), _Program(entry)
        for index, step in enumerate(("train", "infer")):
            expected = alone.step(step)
            logged.log(logdir / str(index))
            seen = logged.step(step)
            assert not state.difference(expected, seen), state.difference(expected, seen)


class _Program:
    def __init__(self, entry: Entry) -> None:
        _seed()
        self.sample: Sample = entry.build()
        self.call = self.sample.call or plain_call
        parameters = getattr(self.sample.model, "parameters", tuple)
        trainable = [item for item in parameters() if item.requires_grad and not _is_lazy(item)]
        self.optimizer = torch.optim.SGD(trainable, lr=0.01, momentum=0.9) if trainable else None

    def roots(self) -> dict[str, Any]:
        return {"model": self.sample.model, "given": self.sample.given, "held": self.sample.held}

    def log(self, logdir: Path) -> None:
        """Logs the graph; asserts that this changes nothing."""
        _seed()
        inside = state.of(self.roots(), same_program=True)
        process, fakes = state.of_process(), state.fake_tensors()
        with SummaryWriter(str(logdir)) as writer:
            writer.add_graph(self.sample.model, self.sample.given)
        assert_is_a_graph(logdir)
        left = [shown for key, shown in state.fake_tensors().items() if key not in fakes]
        assert not left, f"{len(left)} fake tensors are alive: {left[:5]}"
        assert not (other := state.difference(process, state.of_process())), f"of the process: {other}"
        changed = state.difference(inside, state.of(self.roots(), same_program=True))
        assert not changed, f"logging changed {changed}"

    def step(self, kind: str) -> dict[str, str]:
        """A step of training or inference, and what the program can reach after it."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the model's own; the recording is to be silent
            return self._step(kind)

    def _step(self, kind: str) -> dict[str, str]:
        _seed()
        model, given = self.sample.model, self.sample.given
        result = None
        if kind == "train":
            result = self.call(model, given)
            loss = _loss(result)
            if loss.requires_grad:
                loss.backward()
            reached = state.of({**self.roots(), "loss": loss, "result": result}, same_program=False)
            if self.optimizer is not None:
                self.optimizer.step()
                self.optimizer.zero_grad()
        else:
            if hasattr(model, "eval") and not _is_exported(model):
                model.eval()
            with contextlib.nullcontext() if _differentiates(model) else torch.no_grad():
                result = self.call(model, given)
            reached = {}
        after = state.of({**self.roots(), "result": result}, same_program=False)
        return {**{f"before the optimizer: {path}": line for path, line in reached.items()}, **after}


def assert_is_a_graph(logdir: Path) -> None:
    """One graph is written: names differ, and every input is a node of it."""
    (path,) = logdir.glob("*tfevents*")
    events = RawEventFileLoader(str(path)).Load()
    (graph,) = [event.graph_def for event in map(Event.FromString, events) if event.graph_def]
    names = [node.name for node in GraphDef.FromString(graph).node]
    assert names
    assert len(names) == len(set(names))
    sources = {source.partition(":")[0] for node in GraphDef.FromString(graph).node for source in node.input}
    assert sources <= set(names), sources - set(names)


def _loss(result: Any) -> torch.Tensor:
    tensors = [tensor for tensor in values.tensors(result) if tensor.numel()]
    parts = [_square(tensor) for tensor in tensors if tensor.is_floating_point() or tensor.is_complex()]
    return torch.stack(parts).sum() if parts else torch.zeros(())


def _square(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.is_nested:
        tensor = torch.cat([item.reshape(-1) for item in tensor.unbind()])
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    tensor = tensor.to_dense() if tensor.layout is not torch.strided else tensor
    return tensor.abs().float().square().mean()


def _seed() -> None:
    torch.manual_seed(SEED)
    random.seed(SEED)
    np.random.seed(SEED)


def _is_lazy(tensor: Any) -> bool:
    return torch.nn.parameter.is_lazy(tensor)


def _is_exported(model: Any) -> bool:
    return hasattr(model, "graph") and not isinstance(model, torch.jit.ScriptModule)


def _differentiates(model: Any) -> bool:
    return bool(getattr(model, "differentiates", False))
