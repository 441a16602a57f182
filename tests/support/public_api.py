"""What a user's program may name: what the reference documents and tests/test_docstrings.py checks."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple

import cupola
from cupola import errors, reader, summary
from cupola.notebook import chart
from cupola.peers import import_hook
from cupola.peers.tensorboardx_writer import TensorboardXWriter
from cupola.types import Damage


class Member(NamedTuple):
    """A function, class, method or property, and the name by which the reference has it."""

    name: str
    value: Any


CLASSES = {
    "cupola.SummaryWriter": cupola.SummaryWriter,
    "cupola.FileWriter": cupola.FileWriter,
    "cupola.GlobalSummaryWriter": cupola.GlobalSummaryWriter,
    "cupola.RecordWriter": cupola.RecordWriter,
    "cupola.reader.Log": reader.Log,
    "cupola.reader.Frame": reader.Frame,
    "cupola.notebook.chart.Chart": chart.Chart,
    "cupola.types.Damage": Damage,
    "cupola.compat.TensorboardXWriter": TensorboardXWriter,
    **{f"cupola.errors.{name}": value for name, value in vars(errors).items() if inspect.isclass(value)},
}
FUNCTIONS = {
    "cupola.open": cupola.open,
    "cupola.show": cupola.show,
    "cupola.compat.install": import_hook.install,
    **{
        f"cupola.summary.{name}": getattr(summary, name)
        for name in summary.__all__
        if inspect.isfunction(getattr(summary, name))
    },
}
CLASSES["cupola.summary.Summary"] = summary.Summary
MADE_BY_CUPOLA = {"cupola.notebook.chart.Chart", "cupola.reader.Frame", "cupola.types.Damage"}
"""Classes that no program makes an object of."""


def is_ours(value: Any) -> bool:
    """Whether it is not what Python's own classes bring along."""
    return getattr(inspect.unwrap(value), "__module__", "").split(".")[0] == "cupola"


def members(cls: type) -> Iterator[tuple[str, Any]]:
    """Public methods and properties of a class, inherited ones too, with `__init__` if it is its own."""
    for name in dir(cls):
        value = inspect.getattr_static(cls, name)
        value = getattr(value, "__func__", value)
        if isinstance(value, property):
            if not name.startswith("_") and is_ours(value.fget):
                yield name, value
        elif (
            inspect.isfunction(value) and (name == "__init__" or not name.startswith("_")) and is_ours(value)
        ):
            yield name, value


def public_functions() -> list[Member]:
    """Functions, methods and constructors; those that only cupola calls left out."""
    found = [Member(name, value) for name, value in FUNCTIONS.items()]
    for class_name, cls in CLASSES.items():
        for name, value in members(cls):
            if not isinstance(value, property) and not (name == "__init__" and class_name in MADE_BY_CUPOLA):
                found.append(Member(f"{class_name}.{name}", value))
    return found


def public_names() -> list[str]:
    """Every name of the reference, as `module.Class.member`; a constructor is its class."""
    found = [*FUNCTIONS, *CLASSES]
    found += [
        f"{class_name}.{name}"
        for class_name, cls in CLASSES.items()
        for name, _ in members(cls)
        if name != "__init__"
    ]
    return found
