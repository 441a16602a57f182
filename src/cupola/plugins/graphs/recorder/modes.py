"""What watches a forward pass: module hooks for scopes, torch-function calls for nodes, dispatched ops for
what goes round them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from cupola.plugins.graphs.recorder import values
from cupola.plugins.graphs.recorder.recording import Recording


@contextlib.contextmanager
def module_hooks(modules: Iterable[Any], recording: Recording) -> Iterator[None]:
    """Keeps the recording's stack of scopes, and adds an opaque node where a module returns a tensor that
    came from nowhere.
    """
    import torch

    def enter(module: Any, args: Any, kwargs: Any) -> None:
        recording.enter(module)

    def leave(module: Any, args: Any, kwargs: Any, result: Any) -> None:
        if result is not None:
            unknown = [tensor for tensor in values.tensors(result) if not recording.knows(tensor)]
            if unknown:
                recording.add_opaque(module, values.tensors((args, kwargs)), unknown)
        recording.leave()

    handles = []
    try:
        for module in modules:
            if not isinstance(module, torch.jit.ScriptModule):  # these take no hooks
                handles.append(module.register_forward_pre_hook(enter, with_kwargs=True, prepend=True))
                handles.append(module.register_forward_hook(leave, with_kwargs=True, always_call=True))
                _leave_out_initialization(module, recording)
        yield
    finally:
        for handle in handles:
            handle.remove()


def _leave_out_initialization(module: Any, recording: Recording) -> None:
    """A lazy module makes its parameters in a hook before its first forward; that is not what it computes."""
    handle: Any = vars(module).get("_initialize_hook")
    hook = module._forward_pre_hooks.get(getattr(handle, "id", None))

    def initialize(*args: Any) -> Any:
        recording.paused = True
        try:
            return hook(*args)
        finally:
            recording.paused = False

    if hook is not None:
        module._forward_pre_hooks[handle.id] = initialize  # until the pass is taken back


@contextlib.contextmanager
def call_modes(recording: Recording, guard: Any) -> Iterator[None]:
    """One node for each outermost torch call; beneath it, for each dispatched op that no such call made
    (scripts, C++ code).
    """
    from torch.overrides import TorchFunctionMode
    from torch.utils._python_dispatch import TorchDispatchMode

    busy = False

    def record(op: str, func: Any, args: Any, kwargs: Any) -> Any:
        nonlocal busy
        if busy or recording.paused:
            return func(*args, **kwargs)
        busy = True
        try:
            return recording.call(op, func, args, kwargs)
        finally:
            busy = False

    class Calls(TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            guard.look_at_memory(func, args)
            return record(_op(func), func, args, kwargs or {})

    class Ops(TorchDispatchMode):  # type: ignore[misc]
        supports_higher_order_operators = True

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return record(_op(func), func, args, kwargs or {})

    with Ops(), Calls():
        yield


def _op(function: Any) -> str:
    """`aten::linear` of a dispatched op, `torch.nn.functional.linear` of a function."""
    import torch
    from torch.overrides import resolve_name

    if isinstance(function, (torch._ops.OpOverload, torch._ops.HigherOrderOperator)):
        return str(function.name() if callable(function.name) else function.name)
    return resolve_name(function) or f"{getattr(function, '__module__', None) or 'torch'}.{_name(function)}"


def _name(function: Any) -> str:
    return str(
        getattr(function, "__qualname__", None) or getattr(function, "__name__", type(function).__name__)
    )
