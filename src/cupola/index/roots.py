"""What is to be followed: directories, each with the name that its runs' names begin with, and patterns."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass

from cupola.index.directory import Directory, display_name
from cupola.types import Source

SIMILAR = 3
"""Names that are offered in place of a missing one."""


@dataclass(frozen=True, slots=True)
class Root:
    """A log directory that somebody named.

    Args:
        path: its path; a pattern (`glob`) stands for every directory that it matches, now or later.
        name: a run in it is called `<name>/<path below>`; empty: by the path below alone.
        is_pattern: whether the path is a pattern.
    """

    path: str
    name: str = ""
    is_pattern: bool = False

    def directory(self) -> Directory:
        """The directory that the path names."""
        return Directory(self.path, self.name or ".")

    def matches(self) -> Iterator[Root]:
        """The directories that a pattern matches. Their names begin where the pattern does."""
        fixed = fixed_part(self.path)
        for path in sorted(glob.iglob(self.path, recursive=True)):
            if os.path.isdir(path):
                below = display_name(os.path.relpath(path, fixed))
                yield Root(path, f"{self.name}/{below}" if self.name else below)


def fixed_part(pattern: str) -> str:
    """The directory above the first part of a pattern that is none of a plain path."""
    head = pattern
    while glob.has_magic(head):
        head = os.path.dirname(head)
    return head


def describe(root: Root, directories: list[Directory]) -> Source:
    """What is known of a root.

    Args:
        root: it.
        directories: the directory that it is, or those that a pattern has matched so far.
    """
    if root.is_pattern:
        present = any(directory.identity for directory in directories)
        return Source(root.name, root.path, "" if present else "missing", "", ())
    for directory in directories:
        if directory.error:
            return Source(root.name, root.path, "unreadable", directory.error, ())
    # Without an identity, what is there is another root's, or part of one.
    if any(directory.identity for directory in directories) or os.path.isdir(root.path):
        return Source(root.name, root.path, "", "", ())
    reason = "it is a file" if os.path.lexists(root.path) else ""
    return Source(root.name, root.path, "missing", reason, similar(root.path))


def similar(path: str) -> tuple[str, ...]:
    """Directories that a person may have meant by one that is not there: most alike first."""
    import difflib  # only who mistypes waits for it

    parent, name = os.path.split(os.path.abspath(path))
    if not name:
        return ()
    if not os.path.isdir(parent):
        meant = (os.path.join(found, name) for found in similar(parent))
        return tuple(path for path in meant if os.path.isdir(path))
    folded = {each.lower(): each for each in _directories(parent)}
    close = difflib.get_close_matches(name.lower(), folded, SIMILAR, 0.6)
    close += [each for each in folded if name.lower() in each and each not in close]
    return tuple(os.path.join(parent, folded[each]) for each in close[:SIMILAR])


def _directories(parent: str) -> list[str]:
    """Names of the directories in one, but for hidden ones."""
    try:
        names = sorted(name for name in os.listdir(parent) if not name.startswith("."))
    except OSError:
        return []
    return [name for name in names if os.path.isdir(os.path.join(parent, name))]
