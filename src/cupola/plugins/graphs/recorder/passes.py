"""Runs a model's forward pass under a recording: without computing first, and for real, once, where that is
not possible.
"""

from __future__ import annotations

import contextlib
import contextvars
import itertools
import types
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from cupola.plugins.graphs.graph_def import Node
from cupola.plugins.graphs.recorder import arguments, blame, interrupts, sharded, torchscript, values
from cupola.plugins.graphs.recorder.arguments import Arguments
from cupola.plugins.graphs.recorder.modes import call_modes, module_hooks
from cupola.plugins.graphs.recorder.quiet import quiet
from cupola.plugins.graphs.recorder.recording import Recording
from cupola.plugins.graphs.recorder.state import State, undisturbed
from cupola.plugins.graphs.recorder.subject import Subject
from cupola.plugins.graphs.recorder.subject import of as subject_of
from cupola.plugins.graphs.recorder.survivors import no_survivors

MAX_YIELDED: Final = 1000
"""Items that are taken from a generator which the model returns."""


class _Call(NamedTuple):
    subject: Subject
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class _Recorded(NamedTuple):
    nodes: list[Node]
    is_dict: bool
    """Whether the model returned one."""


class _Failed(NamedTuple):
    needs_values: bool
    """Whether it was for what tensors without data cannot do; the model might have gone on with real ones."""
    words: str


def record(model: Any, input_to_model: Any = None, *, refuse_dict: bool = False) -> list[Node]:
    """Nodes of the calls that the model makes when it is given `input_to_model`.

    The pass runs in eval mode, first on fake tensors (no compute, no memory; they know shapes and dtypes
    only), which fails where the model looks at its data. Then it runs for real, once: what the model raises
    there is its own error and goes to the caller. Either way the model, and whatever its code can reach, is
    afterwards as it was before (docs/design/0005-graphs-without-a-trace.md).

    Args:
        model: see `subject.of`.
        input_to_model: what the model is called with, see `arguments.ways`; None, `[]` and `()` for a model
            without arguments, and for one that knows them: an ExportedProgram, or a scripted or traced
            module, whose own graph is taken then.
        refuse_dict: whether a model that returns a dict is an error.

    Raises:
        TypeError: the model cannot be called, or arguments are missing.
        Exception: what the model raises, for an input of the wrong shape say, with a note that names the
            module where it happened.
        RuntimeError: a dict was refused.
    """
    subject = subject_of(model)
    if torchscript.is_enough(subject.call, input_to_model):
        return torchscript.nodes(subject.call)
    ways = arguments.ways(subject.forward, input_to_model, subject.name, subject.example)
    recorded = _recorded([_Call(subject, *sharded.moved(model, way)) for way in ways])
    if refuse_dict and recorded.is_dict:
        raise RuntimeError(
            f"{subject.name} returns a dict, and use_strict_trace=True asks for an error then; "
            "wanted a tensor or a tuple of them, or a call without use_strict_trace"
        )
    return recorded.nodes


def _recorded(calls: list[_Call]) -> _Recorded:
    """The recording of the first call of these that can be made; several are tried without data only."""
    from torch._subclasses.fake_tensor import FakeTensorMode

    subject = calls[0].subject
    modules = subject.modules()
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    with undisturbed(modules), _eager(), sharded.whole(modules, mode) as is_sharded:
        before = State(subject.call, calls)
        failed: list[_Failed] = []
        for call in calls:
            # Most models are run without gradients here, which some need (`out=`); others differentiate.
            made = _without_data(call, before, mode, grad=False)
            if isinstance(made, _Failed) and before.differentiates:
                made = _without_data(call, before, mode, grad=True)
            if isinstance(made, _Recorded):
                return made
            failed.append(made)
        # What the model refused without data it would refuse with them.
        likely = next((index for index, item in enumerate(failed) if item.needs_values), 0)
        if is_sharded:
            raise RuntimeError(
                f"add_graph records a sharded model ({subject.name}) without its values, and got "
                f"{failed[likely].words}; wanted the graph of the plain model: log it before it is sharded"
            )
        return _for_real(calls[likely], before, grad=before.differentiates)


def _without_data(call: _Call, before: State, mode: Any, *, grad: bool) -> _Recorded | _Failed:
    """The recording of a pass on fake tensors. Whatever goes wrong in it, the real pass decides."""
    import torch
    from torch._subclasses.fake_tensor import FakeTensor
    from torch.utils._pytree import tree_map_only

    from cupola.plugins.graphs.recorder.guards import WithoutData

    guard = WithoutData(before.given, mode)

    def is_own(tensor: Any) -> bool:
        is_fake = isinstance(tensor, FakeTensor)
        # One without a mode was being made when an interrupt came.
        own = getattr(tensor, "fake_mode", mode) is mode if is_fake else guard.is_own(tensor)
        return own and not before.knows(tensor)

    made: _Recorded | _Failed
    with interrupts.put_off(), no_survivors(is_own), before.put_back(guard):
        try:
            with mode, guard:
                args, kwargs = tree_map_only(torch.Tensor, mode.from_tensor, (call.args, call.kwargs))
                made = _run(call._replace(args=args, kwargs=kwargs), guard, grad)
                del args, kwargs
        except Exception as error:
            made = _Failed(_needs_values(error), f"{type(error).__name__}: {error}")
    return made


def _needs_values(error: Exception) -> bool:
    """Whether an error is of fake tensors rather than of the model."""
    from cupola.plugins.graphs.recorder.guards import NeedsValues

    kinds = ("torch._subclasses", "torch.fx.experimental")
    return isinstance(error, NeedsValues) or type(error).__module__.startswith(kinds)


def _for_real(call: _Call, before: State, *, grad: bool) -> _Recorded:
    from cupola.plugins.graphs.recorder.guards import CopyOnWrite

    guard = CopyOnWrite(before.given)
    try:
        with no_survivors(guard.is_own), before.put_back(guard), guard:
            return _run(call, guard, grad)
    except Exception as error:
        given = arguments.named(call.subject.forward, Arguments(call.args, call.kwargs))
        blame.add_note(error, call.subject.paths(), given)
        raise


def _run(call: _Call, guard: Any, grad: bool) -> _Recorded:
    import torch

    with quiet(), torch.set_grad_enabled(grad):
        # What forward sets in context variables stays in this copy of them.
        return contextvars.copy_context().run(_record, call, guard)


def _record(call: _Call, guard: Any) -> _Recorded:
    subject, args, kwargs = call
    recording = Recording(subject)
    recording.add_inputs(arguments.named(subject.forward, Arguments(args, kwargs)))
    with module_hooks(subject.modules(), recording), call_modes(recording, guard):
        result = subject.call(*args, **kwargs)
        if isinstance(result, types.GeneratorType):
            result = list(itertools.islice(result, MAX_YIELDED))
    unknown = [tensor for tensor in values.tensors(result) if not recording.knows(tensor)]
    if unknown:
        recording.add_opaque(subject.call, values.tensors((args, kwargs)), unknown)
    recording.add_outputs(result)
    recording.add_unused_parameters()
    return _Recorded(recording.nodes, isinstance(result, dict))


@contextlib.contextmanager
def _eager() -> Iterator[None]:
    """Runs what `torch.compile` wrapped as the Python that it is."""
    import sys

    import torch

    set_stance = getattr(getattr(torch, "compiler", None), "set_stance", None)
    if set_stance is None or "torch._dynamo" not in sys.modules:
        yield
        return
    with set_stance("force_eager"):
        yield
