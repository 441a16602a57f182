"""What plugins say is their own, handed in from above so that the index names none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from sys import intern
from typing import Protocol

from cupola.errors import DecodeError
from cupola.events.event import decode_metadata


class Claim(Protocol):
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
        """Names of files beside the event files that are its own."""
        ...


class Claims:
    """All plugins' claims, turned to be looked up."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.aliases: dict[str, str] = {}
        self.forms: dict[int, str] = {}
        self.event_fields: dict[int, tuple[str, str]] = {}
        self.assets: dict[str, str] = {}
        for claim in claims:
            self.aliases |= dict.fromkeys(claim.aliases, claim.name)
            self.forms |= dict.fromkeys(claim.forms, claim.name)
            self.event_fields |= {number: (claim.name, tag) for number, tag in claim.event_fields.items()}
            self.assets |= dict.fromkeys(claim.assets, claim.name)

    def owner(self, metadata: bytes) -> str:
        """The plugin that summary metadata names; empty if it names none."""
        name = _plugin_name(metadata) if metadata else ""
        return self.aliases.get(name, name)


@lru_cache(4096)
def _plugin_name(metadata: bytes) -> str:
    try:
        return intern(decode_metadata(metadata).plugin_name)
    except DecodeError:
        return ""
