"""Which plugin a value or a file belongs to, as plugins declare it; handed in from above, so that the index
names none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import translate
from functools import lru_cache
from sys import intern
from typing import Protocol

from cupola.errors import DecodeError
from cupola.events.event import decode_metadata


class Ownership(Protocol):
    """What a plugin says is its own. `cupola.plugins.Plugin` fits."""

    @property
    def name(self) -> str:
        """The plugin."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Further plugin names in metadata that mean it."""
        ...

    @property
    def forms(self) -> tuple[int, ...]:
        """Forms of a value that mean it where there is no metadata."""
        ...

    @property
    def event_fields(self) -> Mapping[int, str]:
        """Fields of `Event` that are its own, each with its tag."""
        ...

    @property
    def assets(self) -> tuple[str, ...]:
        """Patterns of files below a run's directory that are its own."""
        ...


class PluginRegistry:
    """What all plugins own, arranged to be looked up."""

    def __init__(self, plugins: Iterable[Ownership]) -> None:
        self.aliases: dict[str, str] = {}
        self.forms: dict[int, str] = {}
        self.event_fields: dict[int, tuple[str, str]] = {}
        assets: list[tuple[str, str]] = []
        for plugin in plugins:
            self.aliases |= dict.fromkeys(plugin.aliases, plugin.name)
            self.forms |= dict.fromkeys(plugin.forms, plugin.name)
            self.event_fields |= {number: (plugin.name, tag) for number, tag in plugin.event_fields.items()}
            assets += [(pattern, plugin.name) for pattern in plugin.assets]
        self.assets = AssetPatterns(assets)

    def owner(self, metadata: bytes) -> str:
        """The plugin that summary metadata names; empty if it names none."""
        name = _plugin_name(metadata) if metadata else ""
        return self.aliases.get(name, name)


class AssetPatterns:
    """Patterns of `fnmatch`, part by part (`*` stands for no `/`), and the plugins whose files they name."""

    def __init__(self, patterns: Iterable[tuple[str, str]] = ()) -> None:
        self._patterns = [
            (tuple(re.compile(translate(part)) for part in pattern.split("/")), plugin)
            for pattern, plugin in patterns
        ]

    def match(self, parents: Sequence[str], name: str) -> Iterator[tuple[int, str]]:
        """(levels up, plugin) of each run that a file belongs to.

        Args:
            parents: names of the directories above the file, the nearest last, the log directory not among
                them.
            name: the file's.
        """
        for parts, plugin in self._patterns:
            above = len(parts) - 1
            if parts[-1].match(name) and above <= len(parents):
                names = parents[len(parents) - above :]
                if all(part.match(parent) for part, parent in zip(parts, names, strict=False)):
                    yield above, plugin


@lru_cache(4096)
def _plugin_name(metadata: bytes) -> str:
    try:
        return intern(decode_metadata(metadata).plugin_name)
    except DecodeError:
        return ""
