"""What a pass may change, and how it is put back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


def python_modules(model: Any) -> list[Any]:
    """Every module in the model whose state is Python's."""
    import torch

    modules = model.modules() if isinstance(model, torch.nn.Module) else ()
    return [module for module in modules if not isinstance(module, torch.jit.ScriptModule)]


@contextlib.contextmanager
def undisturbed(model: Any) -> Iterator[None]:
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
def restored(model: Any) -> Iterator[None]:
    """Takes back what a forward pass on fake tensors leaves behind in the modules: caches, counters, lists
    of activations.
    """
    modules = python_modules(model)
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
