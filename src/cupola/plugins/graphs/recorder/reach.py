"""What a forward pass can reach: a walk over objects, from a model and its input to the containers, helpers,
classes, closures and globals that its code names.
"""

from __future__ import annotations

import builtins
import collections
import functools
import inspect
import itertools
import queue
import sys
import threading
import types
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

MAX_OBJECTS: Final = 200_000
"""Objects that are visited, nearest to the model first."""
MAX_CHILDREN: Final = 100_000
"""Members of a container up to which they are visited too: a vocabulary has more, and none that changes."""

ATOMS: Final = frozenset(
    {bool, int, float, complex, str, bytes, type(None), type(Ellipsis), slice, range, types.CodeType}
    | {types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType}
)
"""Types whose values hold nothing that could change."""

_LIBRARIES: Final = frozenset(
    {*sys.stdlib_module_names, "torch", "numpy", "cupola", "tensorboard", "tensorboardX", "triton"}
    - {"__main__"}
)
_STATEFUL_LIBRARIES: Final = frozenset(
    {"torch", "collections", "types", "argparse", "dataclasses", "random", "weakref", "_weakrefset"}
)
"""Libraries whose objects hold a program's state. Others' (loggers, queues, files) are their own business."""
_MACHINERY: Final = ("torch.distributed", "torch.utils.data", "torch.multiprocessing", "torch.jit", "torch._")
_THREADED: Final = frozenset(
    {type(threading.Lock()), type(threading.RLock()), threading.Condition, threading.Event, threading.Thread}
    | {threading.Semaphore, threading.Timer, queue.Queue, queue.SimpleQueue}
)
_ENTRIES: Final = frozenset({"forward", "__call__", "__getattr__", "__getattribute__", "__torch_function__"})
MISSING: Final = object()
"""Stands for a name, or a slot, that has no value."""


class Kind(NamedTuple):
    """What objects of one type may hold; looked up once per type."""

    is_container: bool
    is_tensor: bool
    has_attributes: bool
    slots: tuple[Any, ...]
    """Descriptors of its `__slots__`."""


class Reach:
    """The walk. `objects` holds what was visited, `empty` the containers in which nothing was, `bindings` the
    globals that the visited code names.
    """

    def __init__(self, roots: Iterable[Any]) -> None:
        self.objects: list[Any] = []
        self.empty: list[Any] = []
        self.bindings: list[tuple[dict[str, Any], str, Any]] = []
        self._names: set[str] = set(_ENTRIES)
        self._waiting: dict[str, list[Any]] = {}
        self._bound: set[tuple[int, str]] = set()
        seen: set[int] = set()
        waiting: collections.deque[Iterable[Any]] = collections.deque([roots])
        while waiting and len(self.objects) < MAX_OBJECTS:
            for value in waiting.popleft():
                kind = type(value)
                if kind in ATOMS or id(value) in seen:
                    continue
                seen.add(id(value))
                if kind in _OFTEN_EMPTY and not value:  # most of what a module holds: its dicts of hooks
                    self.empty.append(value)
                else:
                    self.objects.append(value)
                    waiting.append(self._children(value))

    def _children(self, value: Any) -> Iterable[Any]:
        kind = type(value)
        if kind in _CONTAINERS:
            return members(value)
        if isinstance(value, type):
            return self._of_class(value) if not is_library(value.__module__) else ()
        look = _WRAPPERS.get(kind)
        if look is not None:
            return look(value)
        if kind is types.FunctionType:
            return self._of_function(value)
        return self._of_object(value) if kind is not types.ModuleType else ()  # see `_of_function`

    def _of_object(self, value: Any) -> Iterator[Any]:
        kind = kind_of(type(value))
        if kind.is_container:
            yield from members(value)
        if kind.has_attributes:
            yield from list((attributes(value) or {}).values())
        for member in kind.slots:
            yield slot_value(member, value)
        if type(value) is LRU_CACHE:
            yield value.__wrapped__
        if kind.is_tensor:
            yield from of_tensor(value)
        yield type(value)

    def _of_class(self, value: type) -> Iterator[Any]:
        yield from value.__bases__
        for name, member in list(vars(value).items()):
            inner = member.__func__ if isinstance(member, (staticmethod, classmethod)) else member
            is_code = isinstance(inner, (types.FunctionType, property, functools.cached_property))
            if not is_code or name in self._names:
                yield inner
            else:
                self._waiting.setdefault(name, []).append(inner)

    def _of_function(self, function: types.FunctionType) -> Iterator[Any]:
        for cell in function.__closure__ or ():
            yield cell
            yield cell_contents(cell)
        yield from (function.__defaults__, function.__kwdefaults__, vars(function))
        yield getattr(function, "__wrapped__", None)
        if is_library(function.__module__ or ""):
            return
        space = function.__globals__
        found = code_names(function.__code__)
        for name in found:
            if name not in self._names:
                self._names.add(name)
                yield from self._waiting.pop(name, ())
            if name not in space and name in _BUILTINS:
                continue
            value = self._bind(space, name)
            if isinstance(value, types.ModuleType) and not is_library(value.__name__):
                for inner in found:
                    if inner in vars(value):
                        yield self._bind(vars(value), inner)
            elif value is not MISSING:
                yield value

    def _bind(self, space: dict[str, Any], name: str) -> Any:
        value = space.get(name, MISSING)
        if (id(space), name) not in self._bound:
            self._bound.add((id(space), name))
            self.bindings.append((space, name, value))
        return value

    def names_any(self, names: Iterable[str]) -> bool:
        """Whether the visited code names one of these."""
        return not self._names.isdisjoint(names)

    def restore_bindings(self) -> None:
        """Globals are bound as before."""
        for space, name, value in self.bindings:
            if space.get(name, MISSING) is not value:
                if value is MISSING:
                    del space[name]
                else:
                    space[name] = value


_KINDS: Final[weakref.WeakKeyDictionary[type, Kind]] = weakref.WeakKeyDictionary()
LRU_CACHE: Final = type(functools.lru_cache(lambda: None))
_BUILTINS: Final = frozenset(dir(builtins))
_OFTEN_EMPTY: Final = frozenset({dict, collections.OrderedDict, list, set, tuple})
_CONTAINERS: Final = frozenset({*_OFTEN_EMPTY, frozenset, collections.deque, collections.defaultdict})
_WRAPPERS: Final[dict[type, Callable[[Any], Iterable[Any]]]] = {
    types.MethodType: lambda value: (value.__self__, value.__func__),
    staticmethod: lambda value: (value.__func__,),
    classmethod: lambda value: (value.__func__,),
    functools.partial: lambda value: (value.func, value.args, value.keywords),
    functools.cached_property: lambda value: (value.func,),
    property: lambda value: (value.fget, value.fset),
    weakref.ref: lambda value: (value(),),
}


def kind_of(kind: type) -> Kind:
    """What objects of this type may hold."""
    found = _KINDS.get(kind)
    if found is None:
        found = _KINDS[kind] = _look_up(kind)
    return found


def _look_up(kind: type) -> Kind:
    import torch

    library = is_library(kind.__module__)
    root = kind.__module__.partition(".")[0]
    ours = not library or (root in _STATEFUL_LIBRARIES and not kind.__module__.startswith(_MACHINERY))
    descriptors = [
        member
        for parent in kind.__mro__
        if "__slots__" in vars(parent) and not is_library(parent.__module__)
        for member in list(vars(parent).values())
        if isinstance(member, types.MemberDescriptorType)
    ]
    return Kind(
        is_container=issubclass(kind, (dict, list, tuple, set, frozenset, collections.deque)),
        is_tensor=issubclass(kind, torch.Tensor),
        has_attributes=bool(kind.__dictoffset__) and (ours or issubclass(kind, torch.nn.Module)),
        slots=tuple(descriptors),
    )


def members(value: Any) -> Iterable[Any]:
    """What a container holds, if it is not too much to look at."""
    if isinstance(value, dict):
        return list(dict.values(value)) if dict.__len__(value) <= MAX_CHILDREN else ()
    return list(value) if len(value) <= MAX_CHILDREN else ()


def attributes(value: Any) -> dict[str, Any] | None:
    """The `__dict__` of an object, past any `__getattribute__` of its own; None if it is not ours to restore:
    an object that guards itself by a lock, or runs a thread, may be changed by others during the pass.
    """
    import torch

    try:
        state = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return None
    if not isinstance(state, dict):
        return None
    shared = not _THREADED.isdisjoint(map(type, list(state.values())))
    return None if shared and not isinstance(value, torch.nn.Module) else state


def of_tensor(tensor: Any) -> tuple[Any, ...]:
    """What a tensor holds beside its attributes: its gradient, and the hooks on it."""
    import torch

    with torch._C.DisableTorchFunction():
        try:
            grad = tensor.grad if tensor.is_leaf else None
        except RuntimeError:  # a view whose base was written to past autograd, as FSDP's after a step
            grad = None
        return (grad, tensor._backward_hooks, getattr(tensor, "_post_accumulate_grad_hooks", None))


def slot_value(member: Any, value: Any) -> Any:
    """What a slot of an object holds; `MISSING` if nothing was put there."""
    try:
        return member.__get__(value)
    except AttributeError:
        return MISSING


@functools.lru_cache(maxsize=4096)
def is_library(module: str) -> bool:
    """Whether code and objects of this module keep no state of the program that uses them."""
    return module.partition(".")[0] in _LIBRARIES


def code_names(code: types.CodeType) -> list[str]:
    """Every name that a code object, or one nested in it, looks up."""
    nested = (code_names(item) for item in code.co_consts if inspect.iscode(item))
    return list(dict.fromkeys(itertools.chain(code.co_names, *nested)))


def cell_contents(cell: Any) -> Any:
    """What a closure's variable holds; None before it is assigned."""
    try:
        return cell.cell_contents
    except ValueError:
        return None
