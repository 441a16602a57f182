"""A directory below the log directory as it was last listed, and which names in it matter."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TypeAlias

from cupola.index.links import Link

Identity: TypeAlias = "tuple[int, int] | str"
"""Device and inode, or the real path where there are none."""


def is_event_file(name: str) -> bool:
    """Whether TensorBoard would read a file of this base name.

    Source: tensorboard/backend/event_processing/io_wrapper.py, IsTensorFlowEventsFile (2.21.0)
    """
    return "tfevents" in name and not name.endswith(".profile-empty")


def display_name(path: str) -> str:
    """A path as text: `/` between its parts, bytes that are not UTF-8 as backslash escapes."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return text.replace(os.sep, "/") if os.sep != "/" else text


@dataclass(slots=True, eq=False)
class Directory:
    """A directory as it was last listed."""

    path: str
    name: str
    """The run's name: the path relative to the log directory."""
    parent: Directory | None = None
    is_link: bool = False
    """Whether its own entry is a symbolic link."""
    is_linked: bool = False
    """Whether a symbolic link leads here or to a directory above."""
    link: Link | None = None
    """The link through which it lies outside of the log directory."""
    is_counted: bool = False
    """Whether that link has counted it."""
    alive: bool = True
    identity: Identity = ""
    signature: tuple[int, int, int] | None = None
    children: dict[str, Directory] = field(default_factory=dict)
    event_files: frozenset[str] = frozenset()
    own_assets: dict[str, list[tuple[Directory, str]]] = field(default_factory=dict)
    """Its files that are assets: name → of which runs, and their paths there."""
    assets: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Files that are assets of this run: path in it, as text → (plugin, path)."""
    has_linked_files: bool = False
    """Whether one of its files is a link: what is written behind it is not notified."""
    error: str | None = None
    """Why it cannot be listed."""
    notice: str | None = None
    """What a person should know of the link."""
    failures: int = 0
    retry_at_s: float = 0.0
    listed_at_s: float = 0.0
    watch: int = -1
    watch_mask: int = -1

    @property
    def is_run(self) -> bool:
        """Whether there is something to show of it."""
        return self.alive and bool(self.event_files or self.assets or self.error or self.notice)

    def parents(self) -> list[Directory]:
        """It and the directories above it, the log directory first."""
        chain: list[Directory] = []
        directory: Directory | None = self
        while directory is not None:
            chain.append(directory)
            directory = directory.parent
        return chain[::-1]
