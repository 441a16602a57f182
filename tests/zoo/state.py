"""What a program can reach: every tensor, number and container behind its objects, as lines to compare."""

from __future__ import annotations

import collections
import dataclasses
import gc
import logging
import random
import types
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import torch

MAX_VALUES: Final = 200_000
"""Values that are looked at; a program of the zoo has fewer."""
CLOSED: Final = (
    "torch._C",
    "torch._dynamo",
    "torch._functorch",
    "torch._inductor",
    "torch.distributed",
    "torch.utils._python_dispatch",
    "_thread",
    "contextvars",
    "logging",
    "threading",
    "weakref",
)
"""Modules of types whose insides are not the program's."""
ATOMS: Final = (type(None), bool, int, float, complex, str, bytes, type, types.ModuleType, np.generic)


def of(roots: Mapping[str, Any], *, same_program: bool) -> dict[str, str]:
    """A line for every value that can be reached from `roots`, by its path.

    Args:
        same_program: say also which object it is and where its memory lies, which differs between twins.
    """
    return dict(_Walk(same_program).lines(roots))


def of_process() -> dict[str, str]:
    """The random generators, and what torch, `warnings` and `logging` are set to."""
    lines = {
        "torch.random": torch.get_rng_state().numpy().tobytes().hex(),
        "random": repr(random.getstate()),
        "numpy.random": repr(np.random.get_state(legacy=True)),
        "grad mode": str(torch.is_grad_enabled()),
        "inference mode": str(torch.is_inference_mode_enabled()),
        "default dtype": str(torch.get_default_dtype()),
        "default device": str(torch.get_default_device()),
        "autocast": str(torch.is_autocast_enabled("cpu")),
        "deterministic": str(torch.are_deterministic_algorithms_enabled()),
        "function modes": str(torch.overrides._len_torch_function_stack()),
        "dispatch modes": str(torch._C._len_torch_dispatch_stack()),
        "anomaly mode": str(torch.is_anomaly_enabled()),
        "warnings": repr(warnings.filters),
        "disabled logging": str(logging.root.manager.disable),
    }
    for name, logger in [("root", logging.root), *logging.root.manager.loggerDict.items()]:
        if isinstance(logger, logging.Logger) and (name == "root" or name.startswith("torch")):
            settings = (logger.level, logger.disabled, logger.propagate, logger.filters, logger.handlers)
            if any(settings[:2]) or settings[3] or settings[4] or not logger.propagate:
                lines[f"logger {name}"] = repr(settings)
    return lines


def difference(before: Mapping[str, str], after: Mapping[str, str], most: int = 6) -> str:
    """What is not the same, a line for each of the first `most`; empty if all is."""
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    shown = [
        f"{path}: {before.get(path, 'absent')[:160]} -> {after.get(path, 'absent')[:160]}"
        for path in paths[:most]
    ]
    return "\n".join(shown + ([f"and {len(paths) - most} more"] if len(paths) > most else []))


def fake_tensors() -> dict[int, str]:
    """Every tensor without data that the collector knows, by its `id`."""
    from torch._subclasses.fake_tensor import FakeTensor
    from torch._subclasses.functional_tensor import FunctionalTensor

    gc.collect()
    return {
        id(item): f"{type(item).__name__}{tuple(item.shape)}"
        for item in gc.get_objects()
        if issubclass(type(item), (FakeTensor, FunctionalTensor))
    }


class _Walk:
    def __init__(self, same_program: bool) -> None:
        self._same_program = same_program
        self._seen: dict[int, str] = {}
        self._alive: list[Any] = []

    def lines(self, roots: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        waiting = collections.deque(roots.items())
        while waiting:
            path, value = waiting.popleft()
            if isinstance(value, ATOMS):
                yield path, f"{type(value).__name__} {value!r}"
                continue
            if id(value) in self._seen:
                yield path, f"the {self._seen[id(value)]}"
                continue
            self._seen[id(value)] = path
            self._alive.append(value)
            assert len(self._seen) < MAX_VALUES, f"the walk does not end, now at {path}"
            if isinstance(value, torch.Tensor):
                yield path, self._tensor(value)
            else:
                yield path, self._name(value)
            waiting.extend((f"{path}{name}", item) for name, item in _members(value))

    def _name(self, value: Any) -> str:
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        if isinstance(value, np.ndarray):
            kind += f" {value.dtype} {value.shape} {value.tobytes().hex()}"
        return f"{kind} at {id(value)}" if self._same_program and _has_identity(value) else kind

    def _tensor(self, tensor: torch.Tensor) -> str:
        kind = type(tensor).__name__
        if torch.nn.parameter.is_lazy(tensor):
            return f"{kind} without a shape"
        shown = f"{kind} {tensor.dtype} {tensor.device} {tensor.layout}"
        shown += f" grad={tensor.requires_grad} leaf={tensor.is_leaf} {_contents(tensor)}"
        if not tensor.is_inference():
            shown += f" version={tensor._version}"
        if self._same_program:
            shown += f" at {id(tensor)}"
            if tensor.layout is torch.strided and tensor.device.type == "cpu":
                shown += f" memory {_address(tensor)}"
        return shown


def _contents(tensor: torch.Tensor) -> str:
    if type(tensor).__name__ in ("FakeTensor", "FunctionalTensor", "UninitializedParameter"):
        return "without values"
    if tensor.is_meta:
        return f"meta {tuple(tensor.shape)}"
    if tensor.is_nested:
        return " ".join(_contents(item) for item in tensor.unbind())
    with torch.no_grad():
        plain = tensor.to_dense() if tensor.layout is not torch.strided else tensor
        if hasattr(plain, "to_local"):
            plain = plain.to_local()
        plain = plain.int_repr() if plain.is_quantized else plain.detach().resolve_conj().resolve_neg()
        flat = plain.contiguous().reshape(-1).clone()  # `numpy()` would forbid the tensor to be resized
        data = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
    return f"{tuple(plain.shape)} {plain.stride()} {hash(data)} {data[:24].hex()}"


def _address(tensor: torch.Tensor) -> object:
    try:
        return tensor.data_ptr()
    except RuntimeError:
        return "unknown"


def _has_identity(value: Any) -> bool:
    return isinstance(value, (torch.nn.Module, list, dict, set)) or type(value).__module__.startswith("tests")


def _members(value: Any) -> list[tuple[str, Any]]:
    """(what to add to the path, value) of what a value holds."""
    if isinstance(value, torch.Tensor):
        held = [(".grad", value.grad)] if value.is_leaf and value.grad is not None else []
        own = {**getattr(value, "__dict__", {})}
        return held + [(f".{name}", item) for name, item in own.items()]
    if isinstance(value, torch.jit.ScriptModule):
        # Its Python side is made anew as one looks at it.
        return [*value.named_parameters(), *value.named_buffers()]
    if isinstance(value, Mapping):
        # The keys of hooks are numbers that the process gives out.
        named = [f"[{index if isinstance(key, int) else key!r}]" for index, key in enumerate(value)]
        return list(zip(named, value.values(), strict=True)) + _attributes(value)
    if isinstance(value, (list, tuple, collections.deque)):
        return [(f"[{index}]", item) for index, item in enumerate(value)] + _attributes(value)
    if isinstance(value, (set, frozenset)):
        return [(f"{{{index}}}", item) for index, item in enumerate(sorted(value, key=repr))]
    if isinstance(value, types.MethodType):
        return [(".self", value.__self__), (".function", value.__func__)]
    if isinstance(value, types.FunctionType):
        cells = zip(value.__code__.co_freevars, value.__closure__ or (), strict=True)
        inside = [(f"<{name}>", cell.cell_contents) for name, cell in cells if _is_full(cell)]
        defaults = [(f"<default {index}>", item) for index, item in enumerate(value.__defaults__ or ())]
        return inside + defaults + _attributes(value)
    if hasattr(value, "cache_info") and hasattr(value, "__wrapped__"):
        return [(".function", value.__wrapped__), ("<cached>", _cached(value))]
    if isinstance(value, (types.GeneratorType, np.ndarray)) or _is_closed(type(value)):
        return []
    return _attributes(value)


def _is_full(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def _cached(function: Any) -> tuple[Any, ...]:
    """What `functools.lru_cache` holds: C keeps it in a dictionary that only the collector knows."""
    held = [item for item in gc.get_referents(function) if isinstance(item, dict)]
    return tuple(item for cache in held if cache is not function.__dict__ for item in cache.values())


def _attributes(value: Any) -> list[tuple[str, Any]]:
    own = dict(getattr(value, "__dict__", {}) or {})
    if dataclasses.is_dataclass(value):
        own.update({item.name: getattr(value, item.name, None) for item in dataclasses.fields(value)})
    kind = type(value)
    if kind.__module__.startswith("tests.zoo"):
        own.update({f"class {name}": item for name, item in vars(kind).items() if _is_state(item)})
    private = ("__wrapped__", "_torchdynamo")  # what torch.compile wrapped, and a number of its own
    return [(f".{name}", item) for name, item in own.items() if not name.startswith(private)]


def _is_state(item: Any) -> bool:
    return isinstance(item, (torch.Tensor, list, dict, set, int, float, np.ndarray))


def _is_closed(kind: type) -> bool:
    return kind.__module__.startswith(CLOSED)
