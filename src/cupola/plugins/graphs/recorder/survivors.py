"""Tensors of a pass that outlive it: who holds them, and how they are taken from there."""

from __future__ import annotations

import collections
import contextlib
import gc
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final

from cupola.plugins.graphs.recorder import reach

MAX_ROUNDS: Final = 8
"""How deep a surviving tensor may lie in tuples, iterators and the like, whose holders are searched next."""

_PASSING: Final = (types.FrameType, types.TracebackType)
"""They hold a tensor as long as a call, or an error that tells of it, is alive."""


@contextlib.contextmanager
def no_survivors(is_own: Callable[[Any], bool]) -> Iterator[None]:
    """After the block no tensor that was made in it, and of which `is_own` is true, can be reached.

    Objects from before the block are set aside meanwhile (`gc.freeze`), so that looking for those that were
    made since costs what the block made and not what the program holds.
    """
    import torch

    aside = gc.get_freeze_count() == 0  # what the program froze itself stays frozen
    if aside:
        gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        survivors = [
            item for item in gc.get_objects() if issubclass(type(item), torch.Tensor) and is_own(item)
        ]
        if aside:
            gc.unfreeze()
        if survivors:
            _remove(survivors)


def _remove(survivors: list[Any]) -> None:
    """Takes tensors out of whatever holds them, and warns once of those that cannot be taken out."""
    wanted = {id(tensor): tensor for tensor in survivors}
    told: list[str] = []
    holders: list[Any] = list(survivors)
    for _ in range(MAX_ROUNDS):
        ours = {id(item) for item in (survivors, wanted, holders, told)}
        found = [item for item in gc.get_referrers(*holders) if id(item) not in ours]
        holders = [item for item in found if _is_seen_through(item) and id(item) not in wanted]
        wanted.update((id(item), item) for item in holders)
        for holder in found:
            if id(holder) not in wanted and not isinstance(holder, _PASSING):
                told += _take_out(holder, wanted)
        del found
        if not holders:
            break
    if told:
        warnings.warn(
            f"add_graph: forward kept results of its recorded pass in {', '.join(dict.fromkeys(told))}; what "
            "was there before is not known: check it before the next step, or log the graph before training",
            RuntimeWarning,
            stacklevel=2,
        )


def _is_seen_through(holder: Any) -> bool:
    """Whether a holder cannot be emptied, so that whoever holds it is looked for. Of an iterator that may be
    nobody but the frame of an error.
    """
    if isinstance(holder, (tuple, frozenset)):
        return True
    return isinstance(holder, Iterator) and type(holder).__module__ in ("builtins", "itertools")


def _take_out(holder: Any, wanted: dict[int, Any]) -> list[str]:
    """Removes the wanted tensors from their holder; returns what should be told of it."""
    if isinstance(holder, dict):
        return _take_out_of_dict(holder, wanted)
    if isinstance(holder, list):
        list.__setitem__(holder, slice(None), [item for item in holder if id(item) not in wanted])
    elif isinstance(holder, collections.deque):
        kept = [item for item in holder if id(item) not in wanted]
        holder.clear()
        holder.extend(kept)
    elif isinstance(holder, set):
        set.difference_update(holder, [item for item in holder if id(item) in wanted])
    elif type(holder) is reach.LRU_CACHE:
        holder.cache_clear()
    elif isinstance(holder, types.CellType):
        return _take_out_of_cell(holder)
    else:
        return _take_out_of_object(holder, wanted)
    return []


def _take_out_of_dict(holder: dict[Any, Any], wanted: dict[int, Any]) -> list[str]:
    keys = [key for key, item in list(dict.items(holder)) if id(item) in wanted]
    # A dict may be the attributes of something, whose readers find None rather than nothing.
    for owner in gc.get_referrers(holder):
        if isinstance(owner, type) and "__module__" in holder:
            for key in keys:
                type.__setattr__(owner, key, None)
            return [f"{owner.__qualname__}.{key}" for key in keys]
        if isinstance(owner, types.ModuleType) and vars(owner) is holder:
            holder.update(dict.fromkeys(keys))
            return [f"{owner.__name__}.{key}" for key in keys]
        if reach.attributes(owner) is holder:
            holder.update(dict.fromkeys(keys))
            return [f"{type(owner).__qualname__}.{key}" for key in keys]
    kind: Any = collections.OrderedDict if isinstance(holder, collections.OrderedDict) else dict
    for key in keys:
        kind.__delitem__(holder, key)
    return []


def _take_out_of_cell(holder: types.CellType) -> list[str]:
    closures = [item for item in gc.get_referrers(holder) if isinstance(item, tuple)]
    functions = [item for item in gc.get_referrers(*closures) if isinstance(item, types.FunctionType)]
    owners = [item for item in functions if not reach.is_library(item.__module__ or "")]
    if owners:
        holder.cell_contents = None
    return [f"a variable of {owner.__qualname__}" for owner in owners[:1]]


def _take_out_of_object(holder: Any, wanted: dict[int, Any]) -> list[str]:
    found = []
    for key, item in list((reach.attributes(holder) or {}).items()):
        if id(item) in wanted:
            reach.attributes(holder)[key] = None  # type: ignore[index]
            found.append(key)
    for member in reach.kind_of(type(holder)).slots:
        if id(reach.slot_value(member, holder)) in wanted:
            member.__set__(holder, None)
            found.append(member.__name__)
    name = type(holder).__qualname__
    return [f"{name}.{key}" for key in found] or [f"a {name}"]
