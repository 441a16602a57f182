"""Models that are spread over processes: the model inside, whole, and without a word to the other ranks."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Iterator
from typing import Any, Final

from cupola.plugins.graphs.recorder.python_state import SavedDict

_WRAPPERS: Final = ("DistributedDataParallel", "FullyShardedDataParallel", "DataParallel")
_HOOKS: Final = ("_forward_pre_hooks", "_forward_hooks")


def unwrapped(model: Any) -> Any:
    """The model inside of wrappers that spread it over devices or processes, or that compile it."""
    while True:
        inner = getattr(model, "_orig_mod", None) or _inner(model)
        if inner is None:
            return model
        model = inner


def moved(model: Any, arguments: Any) -> Any:
    """The arguments on the device to which the model's wrappers move what they are called with."""
    import torch
    from torch.utils._pytree import tree_map_only

    device = None
    while isinstance(model, torch.nn.Module) and device is None:
        inner = getattr(model, "_orig_mod", None) or _inner(model)
        if inner is None:
            return arguments
        device, model = _device(model), inner
    return tree_map_only(torch.Tensor, lambda tensor: tensor.to(device), arguments)


def _device(wrapper: Any) -> Any:
    """Where a wrapper runs what it wraps; None if it leaves that to the caller."""
    import torch

    ids = getattr(wrapper, "device_ids", None)
    if ids:
        return torch.device(getattr(wrapper, "device_type", "cuda"), torch.device(ids[0]).index)
    return getattr(wrapper, "compute_device", None)


@contextlib.contextmanager
def whole(modules: Iterable[Any], mode: Any) -> Iterator[bool]:
    """Inside, the model runs as one process would hold it: wrappers call what they wrap, hooks that gather
    parameters or convert inputs are put aside, and sharded parameters are fakes of their full shape.

    Args:
        modules: every module of the model.
        mode: the `FakeTensorMode` of the fakes.

    Yields whether there are such fakes, so that only a pass without data is possible.
    """
    import torch

    modules = [module for module in modules if not isinstance(module, torch.jit.ScriptModule)]
    fakes: dict[int, Any] = {}
    with contextlib.ExitStack() as stack:

        def change(members: dict[Any, Any]) -> dict[Any, Any]:
            stack.callback(SavedDict(members).restore)
            return members

        for module in modules:
            _put_hooks_aside(module, change)
            inner = _inner(module)
            if inner is not None:
                change(vars(module))["forward"] = functools.partial(_call, inner)
            for members in (module._parameters, module._buffers):
                sharded = {name: item for name, item in members.items() if _is_sharded(item)}
                for name, item in sharded.items():
                    if id(item) not in fakes:
                        fakes[id(item)] = _fake(mode, item.shape, item)
                    change(members)[name] = fakes[id(item)]
        for module in modules:
            flat = getattr(vars(module).get("_handle"), "flat_param", None)
            if flat is not None:
                _unflatten(flat, mode, change)
                fakes[id(flat)] = flat
        yield bool(fakes)


def _inner(model: Any) -> Any:
    """What a wrapper wraps; None if the model is none."""
    kinds = {kind.__name__ for kind in type(model).__mro__ if kind.__module__.startswith("torch.")}
    if kinds.isdisjoint(_WRAPPERS):
        return None
    members = model._modules
    return members.get("module") or members.get("_fsdp_wrapped_module")


def _call(inner: Any, *args: Any, **kwargs: Any) -> Any:
    return inner(*args, **kwargs)


def _put_hooks_aside(module: Any, change: Any) -> None:
    for hooks in (getattr(module, name) for name in _HOOKS):
        theirs = [key for key, hook in hooks.items() if _is_of_distributed(hook)]
        for key in theirs:
            change(hooks).pop(key)


def _is_of_distributed(hook: Any) -> bool:
    function = hook.func if isinstance(hook, functools.partial) else hook
    return (getattr(function, "__module__", None) or "").startswith("torch.distributed.")


def _is_sharded(tensor: Any) -> bool:
    kind = type(tensor)
    return kind.__name__ == "DTensor" or getattr(tensor, "device_mesh", None) is not None


def _unflatten(flat: Any, mode: Any, change: Any) -> None:
    """Puts fakes in the places of the parameters that a `FlatParameter` holds a part of."""
    fakes = {}
    for (name, module, _), shape in zip(flat._param_infos, flat._shapes, strict=True):
        fakes[id(module), name] = fake = _fake(mode, shape, flat)
        change(vars(module)).pop(name, None)
        change(module._parameters)[name] = fake
    for name, module, _, first_name, first_module, _ in flat._shared_param_infos:
        change(vars(module)).pop(name, None)
        change(module._parameters)[name] = fakes[id(first_module), first_name]


def _fake(mode: Any, shape: Any, like: Any) -> Any:
    import torch

    with mode:
        fake = torch.empty(shape, dtype=like.dtype, device=like.device)
        is_parameter = isinstance(like, torch.nn.Parameter)
        return torch.nn.Parameter(fake, requires_grad=like.requires_grad) if is_parameter else fake
