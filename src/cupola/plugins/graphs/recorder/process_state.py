"""The process around a pass: random generators, torch's global settings, filters of warnings."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple


class Setting(NamedTuple):
    """A global value that a pass may change."""

    get: Callable[[], Any]
    put: Callable[[Any], object]


@contextlib.contextmanager
def process_state() -> Iterator[None]:
    """Puts back what the block changed of the process. Inside, autocast caches no casts.

    A cast that autocast caches in a pass on fake tensors would be what the program's next step computes with.
    """
    import torch

    saved = []
    for setting in _settings():
        with contextlib.suppress(Exception):  # a back end without this setting
            saved.append((setting, setting.get()))
    caching = torch.is_autocast_cache_enabled()
    torch.set_autocast_cache_enabled(False)
    depth = torch._C._len_torch_dispatch_stack()
    try:
        yield
    finally:
        _drop_modes(depth)
        torch.set_autocast_cache_enabled(caching)
        for setting, value in reversed(saved):
            if not _same(setting.get(), value):
                setting.put(value)


def _drop_modes(depth: int) -> None:
    """Takes away what an interrupt left on torch's stacks of modes: they enter and leave in Python, where a
    KeyboardInterrupt can come between the two.
    """
    import torch
    from torch.overrides import _get_current_function_mode, _pop_mode
    from torch.utils import _python_dispatch

    while torch._C._len_torch_dispatch_stack() > depth:
        _python_dispatch._pop_mode()
    # A forward that sets the default device leaves a mode, which is not ours to take.
    while type(_get_current_function_mode()).__module__.startswith("cupola."):
        _pop_mode()


def _settings() -> Iterator[Setting]:
    import torch

    yield from _generators()
    yield Setting(torch.get_default_dtype, torch.set_default_dtype)
    yield Setting(torch.get_default_device, _put_default_device)
    yield Setting(torch.is_grad_enabled, torch._C._set_grad_enabled)
    yield Setting(torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly)
    yield Setting(torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode)
    yield Setting(torch.get_float32_matmul_precision, torch.set_float32_matmul_precision)
    yield Setting(torch.get_num_threads, torch.set_num_threads)
    yield Setting(torch.backends.mha.get_fastpath_enabled, torch.backends.mha.set_fastpath_enabled)
    for kind in ("cpu", "cuda"):
        for get, put in (
            (torch.is_autocast_enabled, torch.set_autocast_enabled),
            (torch.get_autocast_dtype, torch.set_autocast_dtype),
        ):
            yield Setting(partial(get, kind), partial(put, kind))
    cuda = torch.backends.cuda
    for owner, names in (
        (torch.backends.cudnn, ("enabled", "benchmark", "deterministic", "allow_tf32")),
        (torch.backends.mkldnn, ("enabled", "deterministic")),
        (cuda.matmul, ("allow_tf32", "allow_fp16_reduced_precision_reduction")),
    ):
        for name in names:
            yield Setting(partial(getattr, owner, name), partial(setattr, owner, name))
    for name in ("flash", "mem_efficient", "math", "cudnn"):
        enabled = getattr(cuda, f"{name}_sdp_enabled", None)
        enable = getattr(cuda, f"enable_{name}_sdp", None)
        if enabled and enable:
            yield Setting(enabled, enable)
    yield Setting(lambda: list(_warnings().filters), _put_filters)
    yield Setting(lambda: _warnings().showwarning, lambda value: setattr(_warnings(), "showwarning", value))
    yield Setting(sys.getrecursionlimit, sys.setrecursionlimit)
    yield Setting(os.getcwd, os.chdir)
    yield Setting(lambda: dict(os.environ), _put_environment)


def _generators() -> Iterator[Setting]:
    import random

    import torch

    yield Setting(random.getstate, random.setstate)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        yield Setting(numpy.random.get_state, numpy.random.set_state)
    yield Setting(torch.get_rng_state, torch.set_rng_state)
    for name in ("cuda", "xpu"):
        backend = getattr(torch, name, None)
        if backend is not None and backend.is_available() and backend.is_initialized():
            yield Setting(backend.get_rng_state_all, backend.set_rng_state_all)
    if torch.backends.mps.is_available():
        yield Setting(torch.mps.get_rng_state, torch.mps.set_rng_state)


def _same(value: Any, other: Any) -> bool:
    """Equality of settings: states of generators are tensors, arrays, and sequences of them."""
    import torch

    if isinstance(value, torch.Tensor):
        return bool(torch.equal(value, other))
    if isinstance(value, (tuple, list)):
        return len(value) == len(other) and all(map(_same, value, other))
    same = value == other
    return bool(same.all() if hasattr(same, "all") else same)


def _put_default_device(device: Any) -> None:
    import torch

    torch.set_default_device(None if torch.device(device).type == "cpu" else device)


def _warnings() -> Any:
    import warnings

    return warnings


def _put_filters(filters: list[Any]) -> None:
    warnings = _warnings()
    warnings.filters[:] = filters
    # Tells the registries of the modules that filters have changed, as `warnings.catch_warnings` does.
    getattr(warnings, "_filters_mutated", lambda: None)()


def _put_environment(before: dict[str, str]) -> None:
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
