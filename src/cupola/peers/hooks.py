"""What lets others hook into the peers' classes; see `cupola.writer.peer_names`."""

from __future__ import annotations

import inspect
import sys
from abc import ABCMeta
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from cupola.peers.import_hook import is_stand_in
from cupola.writer.event_writer import EventWriter
from cupola.writer.peer_names import hooks_changed

Class = TypeVar("Class", bound=type)

HOOKS = ("add_event", "add_summary", "event_writer")
"""What others replace, in a class or in an object."""

_opened: ContextVar[EventWriter | None] = ContextVar("opened", default=None)


class Hookable(ABCMeta):
    """Of classes whose methods may be replaced while their objects are in use. (An ABCMeta, so that a
    subclass can have an abstract class beside it.)
    """

    def __setattr__(cls, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in HOOKS:
            hooks_changed()

    def __delattr__(cls, name: str) -> None:
        super().__delattr__(name)
        if name in HOOKS:
            hooks_changed()


class HookableObject(metaclass=Hookable):
    """Of objects whose methods may be replaced."""

    def __setattr__(self, name: str, value: Any) -> None:
        is_replaced = name in HOOKS and (name in vars(self) or hasattr(type(self), name))
        super().__setattr__(name, value)
        if is_replaced:
            hooks_changed()


def with_own_methods(cls: Class) -> Class:
    """A decorator: has a class hold the methods that it inherits, so that who replaces those of its base
    leaves it alone. The peers' classes of one name know nothing of each other.
    """
    for base in cls.__mro__[1:-1]:
        for name, member in vars(base).items():
            if inspect.isfunction(member) and name not in vars(cls):
                setattr(cls, name, member)
    return cls


def looked_up(peer_module: str, own: type) -> Any:
    """What stands under the name of one of our classes in the peer's module, if that is a stand-in; else the
    class.
    """
    module = sys.modules.get(peer_module)
    return getattr(module, own.__name__, own) if module and is_stand_in(module) else own


@contextmanager
def opened(file: EventWriter) -> Iterator[None]:
    """Within it, the next `EventFileWriter` is of this file and opens none."""
    token = _opened.set(file)
    try:
        yield
    finally:
        _opened.reset(token)


def take_opened() -> EventWriter | None:
    """The file of `opened`, once."""
    file = _opened.get()
    _opened.set(None)
    return file
