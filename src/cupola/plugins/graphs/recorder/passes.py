"""Runs a model's forward pass under a recording: without computing first, then for real, then with hooks
alone.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator
from typing import Any

from cupola.plugins.graphs.graph_def import Node
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
    args, kwargs = _arguments(model, input_to_model)
    with _undisturbed(model), _eager():
        if _is_lazy(model):
            # The first pass of such a model makes its parameters; that is not what it computes.
            with torch.no_grad():
                model(*args, **kwargs)
        # Whatever goes wrong on fake tensors, the real pass decides.
        with contextlib.suppress(Exception), _restored(model):
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
    recording.add_inputs(_names(model, args, kwargs))
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
        for module in _python_modules(model):
            # A counter in a buffer must not count this pass.
            for name, buffer in module._buffers.items():
                if buffer is not None:
                    module._buffers[name] = mode.from_tensor(buffer)
        return _run(model, args, kwargs, refuse_dict)


def _arguments(model: Any, given: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    forward = getattr(model, "forward", model)
    if given is None:
        missing = _missing(forward)
        if missing:
            raise TypeError(
                f"add_graph got no input_to_model, but {type(model).__name__}.forward needs "
                f"{', '.join(missing)}; pass the tensor, tuple or dict that you call the model with"
            )
        return (), {}
    if isinstance(given, dict):
        if all(isinstance(key, str) for key in given):
            with contextlib.suppress(TypeError, ValueError):
                inspect.signature(forward).bind(**given)
                return (), dict(given)
        return (given,), {}
    args = tuple(given) if isinstance(given, (tuple, list)) else (given,)
    return args, {}


def _missing(forward: Any) -> list[str]:
    """Names of the arguments that `forward` cannot do without."""
    try:
        parameters = inspect.signature(forward).parameters.values()
    except (TypeError, ValueError):
        return []
    return [
        item.name
        for item in parameters
        if item.default is item.empty and item.kind not in (item.VAR_POSITIONAL, item.VAR_KEYWORD)
    ]


def _names(model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments by the names that `forward` gives them."""
    try:
        bound = inspect.signature(getattr(model, "forward", model)).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        return {**{str(index): value for index, value in enumerate(args)}, **kwargs}
    named: dict[str, Any] = {}
    for name, value in bound.items():
        named.update(value if name in ("kwargs", "kwds") and isinstance(value, dict) else {name: value})
    return named


def _is_lazy(model: Any) -> bool:
    import torch
    from torch.nn.parameter import is_lazy

    return isinstance(model, torch.nn.Module) and any(
        is_lazy(tensor)
        for module in model.modules()
        for tensor in (*module._parameters.values(), *module._buffers.values())
    )


def _python_modules(model: Any) -> list[Any]:
    """Every module in the model whose state is Python's."""
    import torch

    modules = model.modules() if isinstance(model, torch.nn.Module) else ()
    return [module for module in modules if not isinstance(module, torch.jit.ScriptModule)]


@contextlib.contextmanager
def _undisturbed(model: Any) -> Iterator[None]:
    """Eval mode inside; outside, every module's own `training` flag and the random generators are as
    before.
    """
    import torch

    modules = list(model.modules()) if isinstance(model, torch.nn.Module) else []
    flags = [module.training for module in modules]
    devices = {tensor.device for tensor in model.parameters()} if modules else set()
    cuda = [device.index for device in devices if device.type == "cuda"]
    with torch.random.fork_rng(devices=cuda):
        try:
            for module in modules:
                if module.training:
                    module.training = False
            yield
        finally:
            for module, flag in zip(modules, flags, strict=True):
                if module.training != flag:
                    module.training = flag


@contextlib.contextmanager
def _restored(model: Any) -> Iterator[None]:
    """Takes back what a forward pass on fake tensors leaves behind in the modules: caches, counters, lists
    of activations.
    """
    modules = _python_modules(model)
    saved = [dict(module.__dict__) for module in modules]
    contents = {
        id(value): (value, value.copy())
        for members in saved
        for value in members.values()
        if isinstance(value, (list, dict, set)) and type(value).__module__ in ("builtins", "collections")
    }
    try:
        yield
    finally:
        for module, members in zip(modules, saved, strict=True):
            module.__dict__.clear()
            module.__dict__.update(members)
        for value, before in contents.values():
            value.clear()
            value.extend(before) if isinstance(value, list) else value.update(before)


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
