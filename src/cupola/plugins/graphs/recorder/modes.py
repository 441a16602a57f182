"""What watches a forward pass: module hooks for scopes, torch-function calls for nodes, dispatched ops for
what goes round them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from cupola.plugins.graphs.recorder import values
from cupola.plugins.graphs.recorder.recording import Recording


@contextlib.contextmanager
def module_hooks(model: Any, recording: Recording) -> Iterator[None]:
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
        for module in model.modules():
            if not isinstance(module, torch.jit.ScriptModule):  # these take no hooks
                handles.append(module.register_forward_pre_hook(enter, with_kwargs=True, prepend=True))
                handles.append(module.register_forward_hook(leave, with_kwargs=True, always_call=True))
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextlib.contextmanager
def call_modes(recording: Recording) -> Iterator[None]:
    """One node for each outermost torch call; beneath it, for each dispatched op that no such call made
    (scripts, C++ code).
    """
    from torch.overrides import TorchFunctionMode, resolve_name
    from torch.utils._python_dispatch import TorchDispatchMode

    busy = False

    def record(op: str, func: Any, args: Any, kwargs: Any) -> Any:
        nonlocal busy
        if busy:
            return func(*args, **kwargs)
        busy = True
        try:
            return recording.call(op, func, args, kwargs)
        finally:
            busy = False

    class Calls(TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            op = resolve_name(func) or f"{getattr(func, '__module__', None) or 'torch'}.{_name(func)}"
            return record(op, func, args, kwargs or {})

    class Ops(TorchDispatchMode):  # type: ignore[misc]
        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return record(str(func.name()), func, args, kwargs or {})

    with Ops(), Calls():
        yield


def _name(function: Any) -> str:
    return str(
        getattr(function, "__qualname__", None) or getattr(function, "__name__", type(function).__name__)
    )
