"""Runs a model's forward pass under a recording: without computing first, then for real, then with hooks
alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from cupola.plugins.graphs.graph_def import Node
from cupola.plugins.graphs.recorder import arguments, state
from cupola.plugins.graphs.recorder.modes import call_modes, module_hooks
from cupola.plugins.graphs.recorder.recording import Recording


def record(model: Any, input_to_model: Any = None, *, refuse_dict: bool = False) -> list[Node]:
    """Nodes of the calls that the model makes when it is given `input_to_model`.

    The pass runs in eval mode without gradients, first on fake tensors (no compute, no memory; they know
    shapes and dtypes only), which fails where the model looks at its data. Then it runs for real: what the
    model raises there is its own error and goes to the caller.

    Args:
        model: a `torch.nn.Module`, scripted or not, or any callable.
        input_to_model: a tensor, a tuple or list of positional arguments, a dict (keyword arguments if
            `forward` takes them, one positional argument else), or None for a model without arguments.
        refuse_dict: whether a model that returns a dict is an error.

    Raises:
        TypeError: the model cannot be called.
        RuntimeError: what the model raises, for an input of the wrong shape say; or a dict was refused.
    """
    import torch

    if not callable(model):
        raise TypeError(
            f"add_graph got a {type(model).__name__}; wanted a torch.nn.Module or another callable"
        )
    model = getattr(model, "_orig_mod", model)  # what torch.compile wrapped
    args, kwargs = arguments.bind(model, input_to_model)
    with state.undisturbed(model), _eager():
        if _is_lazy(model):
            # The first pass of such a model makes its parameters; that is not what it computes.
            with torch.no_grad():
                model(*args, **kwargs)
        # Whatever goes wrong on fake tensors, the real pass decides.
        with contextlib.suppress(Exception), state.restored(model):
            return _run_fake(model, args, kwargs, refuse_dict)
        try:
            return _run(model, args, kwargs, refuse_dict)
        except Exception as error:
            try:
                return _run(model, args, kwargs, refuse_dict, hooks_only=True)
            except Exception:
                raise error from None


def _run(
    model: Any, args: tuple[Any, ...], kwargs: dict[str, Any], refuse_dict: bool, *, hooks_only: bool = False
) -> list[Node]:
    import torch

    recording = Recording(model, guess=hooks_only)
    recording.add_inputs(arguments.named(model, args, kwargs))
    hooks = module_hooks(model, recording) if isinstance(model, torch.nn.Module) else contextlib.nullcontext()
    with torch.no_grad(), hooks, contextlib.nullcontext() if hooks_only else call_modes(recording):
        result = model(*args, **kwargs)
    if refuse_dict and isinstance(result, dict):
        raise RuntimeError(
            f"{type(model).__name__} returns a dict, and use_strict_trace=True asks for an error then; "
            "wanted a tensor or a tuple of them, or a call without use_strict_trace"
        )
    recording.add_outputs(result)
    recording.add_unused_parameters()
    return recording.nodes


def _run_fake(model: Any, args: tuple[Any, ...], kwargs: dict[str, Any], refuse_dict: bool) -> list[Node]:
    import torch
    from torch._subclasses.fake_tensor import FakeTensorMode
    from torch.utils._pytree import tree_map_only

    with FakeTensorMode(allow_non_fake_inputs=True) as mode:
        args, kwargs = tree_map_only(torch.Tensor, mode.from_tensor, (args, kwargs))
        for module in state.python_modules(model):
            # A counter in a buffer must not count this pass.
            for name, buffer in module._buffers.items():
                if buffer is not None:
                    module._buffers[name] = mode.from_tensor(buffer)
        return _run(model, args, kwargs, refuse_dict)


def _is_lazy(model: Any) -> bool:
    import torch
    from torch.nn.parameter import is_lazy

    return isinstance(model, torch.nn.Module) and any(
        is_lazy(tensor)
        for module in model.modules()
        for tensor in (*module._parameters.values(), *module._buffers.values())
    )


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
