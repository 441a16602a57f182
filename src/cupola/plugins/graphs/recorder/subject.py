"""What is recorded: a module, or any callable and the modules inside it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from cupola.plugins.graphs.recorder import names, sharded
from cupola.plugins.graphs.recorder.quiet import quiet

MAX_OBJECTS: Final = 10_000
"""Objects that are looked into for modules."""
MAX_DEPTH: Final = 6

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


class Subject(NamedTuple):
    """What the caller passes as the model, taken apart."""

    call: Callable[..., Any]
    """What is called."""
    forward: Callable[..., Any]
    """Whose signature names the arguments."""
    name: str
    """The outermost scope."""
    parts: dict[str, Any]
    """The outermost modules by where they hang; '' for the model itself, and for that of a bound method."""
    example: Arguments | None = None
    """The arguments that the model knows."""

    def modules(self) -> list[Any]:
        """Every module, once each."""
        return list({id(item): item for part in self.parts.values() for item in part.modules()}.values())

    def paths(self) -> dict[int, str]:
        """The path of each module (`layer1.0.conv1`) by its `id`."""
        paths: dict[int, str] = {}
        for path, part in self.parts.items():
            for inner, module in part.named_modules():
                paths.setdefault(id(module), ".".join(filter(None, (path, inner))))
        return paths


def of(model: Any) -> Subject:
    """The subject that a caller means.

    Args:
        model: a module, scripted or compiled too; a bound method of one, a partial, any callable with modules
            in its closure or its attributes; or a `torch.export.ExportedProgram`, which knows its arguments.

    Raises:
        TypeError: it cannot be called.
    """
    import torch

    if isinstance(model, torch.export.ExportedProgram):
        return _of_exported(model)
    if not callable(model):
        raise TypeError(
            f"add_graph got a {type(model).__name__}; wanted a torch.nn.Module, an ExportedProgram, or a "
            "callable with modules inside (model.encode, functools.partial(model, flag=True))"
        )
    model = _unwrapped(model)
    owner = _owner(model)
    if owner is not None:
        example = _of_placeholders(model) if hasattr(model, "graph") else None
        return Subject(model, _forward(model), names.class_name(owner), {"": owner}, example)
    return Subject(model, _forward(model), _name(model), dict(_outermost(model)))


def _of_exported(program: Any) -> Subject:
    """An exported program as a module; with the modules that it was exported from, where they are known."""
    import torch

    with quiet():
        module = program.module()
        forward = module.forward  # which has the names of the arguments
        with contextlib.suppress(Exception):  # not every program can be put back into modules
            module = torch.export.unflatten(program)
    call = functools.partial(_call_exported, module, forward)
    return Subject(call, forward, names.class_name(module), {"": module}, program.example_inputs)


def _call_exported(module: Any, forward: Any, *args: Any, **kwargs: Any) -> Any:
    """Calls with the arguments in their places: an export refuses keywords for what was given by place."""
    bound = inspect.signature(forward).bind(*args, **kwargs)
    return module(*bound.args, **bound.kwargs)


def _of_placeholders(module: Any) -> Arguments | None:
    """Zeros like those that an exported module was made with."""
    import torch
    from torch.utils import _pytree as pytree

    info = getattr(getattr(module.graph, "_codegen", None), "pytree_info", None)
    if info is None or info.in_spec is None:
        return None
    made = [node.meta.get("val") for node in module.graph.nodes if node.op == "placeholder"]
    leaves = [
        torch.zeros([int(size) for size in item.shape], dtype=item.dtype) if torch.is_tensor(item) else item
        for item in made
    ]
    args, kwargs = pytree.tree_unflatten(leaves, info.in_spec)
    return tuple(args), dict(kwargs)


def _unwrapped(model: Any) -> Any:
    """What `torch.compile` wrapped, and the model inside of what spreads it over devices."""
    model = getattr(model, "_torchdynamo_orig_callable", model)
    return sharded.unwrapped(model) if _is_module(model) else model


def _owner(model: Any) -> Any:
    """The module that a callable is, or is a method of, or is a partial of; None for others."""
    if isinstance(model, functools.partial):
        return _owner(_unwrapped(model.func))
    if isinstance(model, types.MethodType):
        model = model.__self__
    return _unwrapped(model) if _is_module(model) else None


def _forward(model: Any) -> Any:
    """The callable whose signature is the model's; a wrapper (DataParallel) has that of what it wraps."""
    if isinstance(model, functools.partial):
        return functools.partial(_forward(_unwrapped(model.func)), *model.args, **model.keywords)
    if not _is_module(model):
        return model
    inner = getattr(model, "module", None)
    code = getattr(inspect.getattr_static(type(model), "forward", None), "__code__", None)
    takes_anything = code is not None and code.co_argcount <= 1
    return _forward(inner) if _is_module(inner) and takes_anything else model.forward


def _name(model: Any) -> str:
    while isinstance(model, functools.partial):
        model = model.func
    if isinstance(model, types.MethodType):
        return names.class_name(model.__self__)
    name = names.class_name(model)
    return "function" if name == "<lambda>" else name


def _outermost(model: Any) -> Iterator[tuple[str, Any]]:
    """(where it hangs, module) of every module in a callable that is in no other."""
    found: dict[int, tuple[str, Any]] = {}
    seen: set[int] = set()
    waiting: list[tuple[tuple[str, ...], Any]] = [((), model)]
    for path, value in waiting:  # grows while it is walked: what is nearest comes first
        if id(value) in seen or len(seen) > MAX_OBJECTS:
            continue
        seen.add(id(value))
        if _is_module(value):
            found[id(value)] = (".".join(path) or type(value).__name__, value)
        elif len(path) <= MAX_DEPTH:
            waiting.extend(((*path, *name), item) for name, item in _members(value))
    inner = {id(module) for _, part in found.values() for module in part.modules() if module is not part}
    yield from (item for key, item in found.items() if key not in inner)


def _is_module(value: Any) -> bool:
    import torch

    return isinstance(value, torch.nn.Module)


def _members(value: Any) -> list[tuple[tuple[str, ...], Any]]:
    """(name or nothing, value) of what a value holds, and of what a function can use."""
    if isinstance(value, dict):
        return [((str(key),), item) for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return [((str(index),), item) for index, item in enumerate(value)]
    if isinstance(value, functools.partial):
        return [((), value.func), *_members(value.keywords), *_members(value.args)]
    if isinstance(value, types.MethodType):
        return [((), value.__self__), ((), value.__func__)]
    if isinstance(value, types.FunctionType):
        return _of_function(value)
    if isinstance(value, (type, types.ModuleType)) or type(value).__module__ in ("builtins", "torch"):
        return []
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    held = {**getattr(value, "__dict__", {}), **{name: getattr(value, name, None) for name in slots}}
    method = vars(type(value)).get("__call__")
    return [*(((name,), item) for name, item in held.items()), ((), method)]


def _of_function(function: types.FunctionType) -> list[tuple[tuple[str, ...], Any]]:
    code, space = function.__code__, function.__globals__
    held: list[tuple[tuple[str, ...], Any]] = [((), getattr(function, "__wrapped__", None))]
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            held.append(((name,), cell.cell_contents))
        except ValueError:  # not assigned yet
            continue
    held += [((), item) for item in (function.__defaults__ or ())]
    held += _members(function.__kwdefaults__ or {})
    held += [((name,), space[name]) for name in code.co_names if name in space]
    return held
