"""A snapshot of Python state: what containers and objects held before a pass, and how they get it back."""

from __future__ import annotations

import ast
import collections
import contextlib
import copy
import gc
import itertools
import operator
import types
from collections.abc import Callable, Iterable
from typing import Any, Final

from cupola.plugins.graphs.recorder import reach

Undo = Callable[[], None]

MAX_ARRAY_BYTES: Final = 16 << 20
"""NumPy arrays up to this size are copied; torch's tensors never are before somebody writes to them."""
_DICTS: Final = frozenset({dict, collections.OrderedDict, collections.defaultdict})
_FROZEN: Final = frozenset({tuple, frozenset, property, staticmethod, classmethod, types.ModuleType})


class PythonState:
    """Shallow copies of everything that a pass can reach and change, restored in place.

    Restoring changes only what differs, so objects that the pass left alone are not touched.
    """

    def __init__(self, roots: Iterable[Any]) -> None:
        import torch

        self._reach = reach.Reach(roots)
        self._dicts: list[SavedDict] = []
        self._undo: list[Undo] = []
        objects = self._reach.objects
        self.tensors = [value for value in objects if isinstance(value, torch.Tensor)]
        self.modules = [value for value in objects if isinstance(value, torch.nn.Module)]
        for value in self._reach.objects:
            if type(value) in _DICTS:
                self._dicts.append(SavedDict(value))
            elif type(value) not in _FROZEN:
                with contextlib.suppress(Exception):  # what cannot be copied, we cannot put back
                    self._save(value)

    @property
    def differentiates(self) -> bool:
        """Whether code that the pass can reach asks for gradients."""
        return self._reach.names_any(("grad", "backward", "requires_grad", "requires_grad_", "enable_grad"))

    def restore(self) -> None:
        """Everything is as it was."""
        self._reach.restore_bindings()
        for container in self._reach.empty:
            if container:
                container.clear()
        for saved in self._dicts:
            saved.restore()
        for undo in self._undo:
            undo()

    def give_copies_of_iterators(self) -> None:
        """The pass draws from copies; what holds an iterator gets it back when it is restored."""
        if _ITERATORS.isdisjoint(map(type, self._reach.objects)):
            return
        for saved in self._dicts:
            for key, item in zip(saved.keys, saved.items, strict=True):
                if type(item) in _ITERATORS:
                    with contextlib.suppress(TypeError, ValueError):  # no copies of it in this Python
                        saved.value[key] = _copy_iterator(item)

    def _save(self, value: Any) -> None:
        if isinstance(value, type):
            if not reach.is_library(value.__module__):
                self._undo.append(_save_class(value))
            return
        kind = reach.kind_of(type(value))
        if kind.has_attributes:
            state = reach.attributes(value)
            if state is not None:
                self._dicts.append(SavedDict(state))
                self._undo.append(_save_kind(value))
        if kind.slots:
            self._undo.append(_save_slots(value, kind.slots))
        for base, save in _SAVERS.items():
            if isinstance(value, base):
                self._undo.append(save(value))
                return
        self._undo.extend(_save_content(value))


class SavedDict:
    """What a dict held, in its order."""

    __slots__ = ("items", "keys", "kind", "value")

    def __init__(self, value: dict[Any, Any]) -> None:
        self.value = value
        # An OrderedDict keeps its order in a list of its own.
        self.kind = collections.OrderedDict if isinstance(value, collections.OrderedDict) else dict
        self.keys, self.items = tuple(self.kind.keys(value)), tuple(self.kind.values(value))

    def restore(self) -> None:
        """It holds that again."""
        kind, value = self.kind, self.value
        if not _identical(tuple(kind.values(value)), self.items) or not _identical(
            tuple(kind.keys(value)), self.keys
        ):
            kind.clear(value)
            for key, item in zip(self.keys, self.items, strict=True):
                kind.__setitem__(value, key, item)


def _save_content(value: Any) -> Iterable[Undo]:
    """What arrays and random generators hold behind Python's back."""
    module = type(value).__module__
    if module.startswith("numpy"):
        if hasattr(value, "flags") and hasattr(value, "nbytes") and value.nbytes <= MAX_ARRAY_BYTES:
            if value.flags.writeable:
                yield _save_array(value)
        elif hasattr(value, "bit_generator"):
            yield _save_setting(value.bit_generator, "state")
        elif hasattr(value, "set_state"):
            yield _save_state(value.get_state, value.set_state)
    elif module == "random" and hasattr(value, "setstate"):
        yield _save_state(value.getstate, value.setstate)
    elif type(value).__name__ == "Generator" and module.startswith("torch"):
        yield _save_state(value.get_state, value.set_state)


def _save_list(value: Any) -> Undo:
    kind = list if isinstance(value, list) else bytearray
    items = kind(value)

    def undo() -> None:
        if kind is bytearray or not _identical(value, items):
            kind.__setitem__(value, slice(None), items)

    return undo


def _save_deque(value: collections.deque[Any]) -> Undo:
    items = tuple(value)

    def undo() -> None:
        if not _identical(tuple(value), items):
            collections.deque.clear(value)
            collections.deque.extend(value, items)

    return undo


def _save_set(value: set[Any]) -> Undo:
    items = tuple(value)

    def undo() -> None:
        if {id(item) for item in value} != {id(item) for item in items}:
            set.clear(value)
            set.update(value, items)

    return undo


def _save_cell(cell: types.CellType) -> Undo:
    try:
        before = cell.cell_contents
    except ValueError:
        before = reach.MISSING

    def undo() -> None:
        if before is not reach.MISSING:
            cell.cell_contents = before
        else:
            with contextlib.suppress(ValueError):
                del cell.cell_contents

    return undo


def _save_fields(value: Any, names: tuple[str, ...]) -> Undo:
    before = [getattr(value, name) for name in names]

    def undo() -> None:
        for name, item in zip(names, before, strict=True):
            if getattr(value, name) is not item:
                setattr(value, name, item)

    return undo


def _save_class(kind: type) -> Undo:
    before = dict(vars(kind))

    def undo() -> None:
        now = dict(vars(kind))
        for name in now.keys() - before.keys():
            type.__delattr__(kind, name)
        for name, item in before.items():
            if now.get(name, reach.MISSING) is not item and name not in ("__dict__", "__weakref__"):
                with contextlib.suppress(
                    AttributeError
                ):  # what Python itself keeps there, and lets nobody set
                    type.__setattr__(kind, name, item)

    return undo


def _save_kind(value: Any) -> Undo:
    """A module may become one of another class: lazy ones do when they see their first input."""
    before = type(value)

    def undo() -> None:
        if type(value) is not before:
            object.__setattr__(value, "__class__", before)

    return undo


def _save_slots(value: Any, members: tuple[Any, ...]) -> Undo:
    before = [reach.slot_value(member, value) for member in members]

    def undo() -> None:
        for member, item in zip(members, before, strict=True):
            if reach.slot_value(member, value) is not item:
                if item is reach.MISSING:
                    member.__delete__(value)
                else:
                    member.__set__(value, item)

    return undo


def _save_array(value: Any) -> Undo:
    before = value.copy()

    def undo() -> None:
        if value.tobytes() != before.tobytes() or value.dtype.hasobject:
            value[...] = before

    return undo


def _save_setting(value: Any, name: str) -> Undo:
    before = getattr(value, name)
    return lambda: setattr(value, name, before)


def _save_state(get: Callable[[], Any], put: Callable[[Any], Any]) -> Undo:
    before = get()
    return lambda: put(before)


def _identical(value: Any, other: Any) -> bool:
    return len(value) == len(other) and all(map(operator.is_, value, other))


def _save_cached(cached: Any) -> Undo:
    """What an `lru_cache` holds. One with a bound keeps an order that Python cannot put back: it is emptied
    if it was empty, and else keeps what depends on constants alone (`survivors` sees to the rest).
    """
    if cached.cache_parameters()["maxsize"] is None:
        dicts = [item for item in gc.get_referents(cached) if type(item) is dict]
        saved = [SavedDict(item) for item in dicts if item is not vars(cached)]

        def restore() -> None:
            for item in saved:
                item.restore()

        return restore
    was_empty = cached.cache_info().currsize == 0

    def undo() -> None:
        if was_empty and cached.cache_info().currsize:
            cached.cache_clear()

    return undo


def _copy_iterator(value: Any) -> Any:
    if type(value) is itertools.count:
        arguments = ast.literal_eval(repr(value).removeprefix("count"))
        return itertools.count(*arguments) if isinstance(arguments, tuple) else itertools.count(arguments)
    return copy.copy(value)


_ITERATORS: Final = frozenset(
    {type(iter([])), type(iter(())), type(iter(range(0))), type(iter(range(1 << 65))), type(iter(""))}
    | {type(reversed([])), enumerate, zip, itertools.count, itertools.cycle, itertools.repeat}
)
"""Iterators that can be copied, not rewound."""
_SAVERS: Final[dict[type, Callable[[Any], Undo]]] = {
    reach.LRU_CACHE: _save_cached,
    dict: lambda value: SavedDict(value).restore,
    list: _save_list,
    bytearray: _save_list,
    set: _save_set,
    collections.deque: _save_deque,
    types.CellType: _save_cell,
    types.FunctionType: lambda value: _save_fields(value, ("__defaults__", "__kwdefaults__", "__code__")),
}
