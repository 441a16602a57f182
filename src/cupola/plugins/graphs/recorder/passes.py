"""Runs a model's forward pass under a recording: without computing first, and for real, once, where that is
not possible.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from typing import Any, NamedTuple

from cupola.plugins.graphs.graph_def import Node
from cupola.plugins.graphs.recorder import arguments, sharded
from cupola.plugins.graphs.recorder.modes import call_modes, module_hooks
from cupola.plugins.graphs.recorder.recording import Recording
from cupola.plugins.graphs.recorder.state import State, undisturbed
from cupola.plugins.graphs.recorder.survivors import no_survivors


class _Call(NamedTuple):
    model: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class _Recorded(NamedTuple):
    nodes: list[Node]
    is_dict: bool
    """Whether the model returned one."""


def record(model: Any, input_to_model: Any = None, *, refuse_dict: bool = False) -> list[Node]:
    """Nodes of the calls that the model makes when it is given `input_to_model`.

    The pass runs in eval mode, first on fake tensors (no compute, no memory; they know shapes and dtypes
    only), which fails where the model looks at its data. Then it runs for real, once: what the model raises
    there is its own error and goes to the caller. Either way the model, and whatever its code can reach, is
    afterwards as it was before (docs/design/0005-graphs-without-a-trace.md).

    Args:
        model: a `torch.nn.Module`, scripted or not, or any callable.
        input_to_model: a tensor, a tuple or list of positional arguments, a dict (keyword arguments if
            `forward` takes them, one positional argument else), or None for a model without arguments.
        refuse_dict: whether a model that returns a dict is an error.

    Raises:
        TypeError: the model cannot be called.
        RuntimeError: what the model raises, for an input of the wrong shape say; or a dict was refused.
    """
    if not callable(model):
        raise TypeError(
            f"add_graph got a {type(model).__name__}; wanted a torch.nn.Module or another callable"
        )
    from torch._subclasses.fake_tensor import FakeTensorMode

    model = sharded.unwrapped(model)
    args, kwargs = arguments.bind(model, input_to_model)
    call = _Call(model, args, kwargs)
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    with undisturbed(model), _eager(), sharded.whole(model, mode) as is_sharded:
        before = State(model, (args, kwargs))
        # Most models are run without gradients here, which some need (`out=`); others differentiate.
        recorded = _without_data(call, before, mode, grad=False)
        if not isinstance(recorded, _Recorded) and before.differentiates:
            recorded = _without_data(call, before, mode, grad=True)
        if not isinstance(recorded, _Recorded):
            if is_sharded:
                raise RuntimeError(
                    f"add_graph records a sharded model ({type(model).__name__}) without its values, and got "
                    f"{recorded}; wanted the graph of the plain model: log it before the model is sharded"
                )
            recorded = _for_real(call, before, grad=before.differentiates)
    if refuse_dict and recorded.is_dict:
        raise RuntimeError(
            f"{type(model).__name__} returns a dict, and use_strict_trace=True asks for an error then; "
            "wanted a tensor or a tuple of them, or a call without use_strict_trace"
        )
    return recorded.nodes


def _without_data(call: _Call, before: State, mode: Any, *, grad: bool) -> _Recorded | str:
    """The recording of a pass on fake tensors, or what went wrong in it: nothing that is final."""
    import torch
    from torch._subclasses.fake_tensor import FakeTensor
    from torch.utils._pytree import tree_map_only

    from cupola.plugins.graphs.recorder.guards import WithoutData

    guard = WithoutData(before.given, mode)

    def is_own(tensor: Any) -> bool:
        is_fake = isinstance(tensor, FakeTensor)
        return not before.knows(tensor) and (tensor.fake_mode is mode if is_fake else guard.is_own(tensor))

    with no_survivors(is_own), before.put_back(guard):
        try:
            with mode, guard:
                args, kwargs = tree_map_only(torch.Tensor, mode.from_tensor, (call.args, call.kwargs))
                return _run(_Call(call.model, args, kwargs), guard, grad)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            args = kwargs = None


def _for_real(call: _Call, before: State, *, grad: bool) -> _Recorded:
    from cupola.plugins.graphs.recorder.guards import CopyOnWrite

    guard = CopyOnWrite(before.given)
    with no_survivors(guard.is_own), before.put_back(guard), guard:
        return _run(call, guard, grad)


def _run(call: _Call, guard: Any, grad: bool) -> _Recorded:
    import torch

    with torch.set_grad_enabled(grad):
        # What forward sets in context variables stays in this copy of them.
        return contextvars.copy_context().run(_record, call, guard)


def _record(call: _Call, guard: Any) -> _Recorded:
    import torch

    model, args, kwargs = call
    recording = Recording(model)
    recording.add_inputs(arguments.named(model, args, kwargs))
    hooks = module_hooks(model, recording) if isinstance(model, torch.nn.Module) else contextlib.nullcontext()
    with hooks, call_modes(recording, guard):
        result = model(*args, **kwargs)
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
