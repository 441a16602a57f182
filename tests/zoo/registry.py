"""The zoo: builders of models, each with what a program calls it with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import pytest

Call = Callable[[Any, Any], Any]


class Sample(NamedTuple):
    """A model in a program."""

    model: Any
    given: Any
    """What `add_graph` gets as `input_to_model`."""
    call: Call | None = None
    """How the program calls it with that; `plain_call` unless it says."""
    held: Any = None
    """What else the program holds, and looks at afterwards: caches, lists that hooks fill."""


class Entry(NamedTuple):
    """A model of the zoo."""

    name: str
    build: Callable[[], Sample]
    """Makes all anew, module-level state too, from the random generators' state."""
    quick: bool
    """Whether `make test` takes it; the others are the nightly tier's."""
    within: Callable[[], AbstractContextManager[Any]] | None
    """What it needs around it (a process group)."""


class Zoo:
    """Entries by name, in the order of their definition."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def add(
        self,
        *,
        name: str = "",
        quick: bool = False,
        within: Callable[[], AbstractContextManager[Any]] | None = None,
    ) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
        """Decorates a builder: it returns `(model, given)`, or more of a `Sample`."""

        def register(build: Callable[[], Any]) -> Callable[[], Any]:
            key = name or build.__name__
            assert key not in self.entries, f"two models of the zoo are named {key}"
            self.entries[key] = Entry(key, lambda: Sample(*build()), quick, within)
            return build

        return register

    def parameters(self, *, quick: bool = False) -> list[Any]:
        """The entries of one tier, for `pytest.mark.parametrize`."""
        return [pytest.param(entry, id=entry.name) for entry in self.entries.values() if entry.quick == quick]


def plain_call(model: Any, given: Any) -> Any:
    """Calls a model as the peers' `add_graph` does."""
    if isinstance(given, (tuple, list)):
        return model(*given)
    if isinstance(given, dict):
        return model(**given)
    return model(given)


ZOO = Zoo()
zoo = ZOO.add
