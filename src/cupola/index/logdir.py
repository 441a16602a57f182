"""The tree of directories below a log directory, and which of their files matter.

Nothing is opened here but directories. Symbolic links are followed; a directory that can be reached twice is
shown once, under its real path if that lies below the log directory, so a link to a parent ends nowhere.
"""

from __future__ import annotations

import os
import stat
import time
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from cupola.index.files import RACY_NS
from cupola.index.tail import FIRST_RETRY_S, MAX_RETRY_S
from cupola.index.turns import Turns

Identity: TypeAlias = "tuple[int, int] | str"

DIRECTORIES_PER_S: Final = 2000
RELIST_S: Final = 30.0
"""Age at which a directory is listed anew whatever its mtime says: some file systems' clocks are coarse."""


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
    linked: bool
    """Whether a symbolic link leads here."""
    alive: bool = True
    identity: Identity = ""
    signature: tuple[int, int, int] | None = None
    children: dict[str, Directory] = field(default_factory=dict)
    event_files: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()
    error: str | None = None
    failures: int = 0
    retry_at_s: float = 0.0
    listed_at_s: float = 0.0

    @property
    def is_run(self) -> bool:
        """Whether there is something to show of it."""
        return self.alive and bool(self.event_files or self.assets or self.error)


class Logdir:
    """The log directory. It need not exist yet."""

    def __init__(self, path: str, assets: Collection[str], poll_s: float = 0.1) -> None:
        self._poll_s = poll_s
        self._assets = frozenset(assets)
        self._root = Directory(path, ".", False)
        self._known: dict[Identity, Directory] = {}
        self._turns: Turns[Directory] = Turns(int(DIRECTORIES_PER_S * max(poll_s, 0.1)))
        self._turns.add(self._root)
        self._looked = False
        self._fresh: tuple[deque[Directory], deque[Directory]] = (deque(), deque())

    def look(self, everything: bool = True) -> list[Directory]:
        """Looks for what came and went; if not `everything`, quiet directories of a large tree take turns.

        Returns:
            The directories whose files changed, those that are gone (not `alive`) too.
        """
        now_s = time.monotonic()
        changed: dict[str, Directory] = {}
        relists = 1 + int(len(self._turns) * self._poll_s / RELIST_S)  # all of them in one round
        for directory in self._turns.due(now_s, everything):
            if directory.alive:
                relist = relists > 0 and now_s - directory.listed_at_s > RELIST_S
                relists -= relist
                self._look_at(directory, relist, changed)
        real, linked = self._fresh
        while real or linked:  # real paths first: they have the better right to a name
            directory = (real or linked).popleft()
            if directory.alive:
                self._look_at(directory, True, changed)
        self._turns.wake(self._root, now_s)
        if self._looked:  # what was there at the start is not lively for that
            for directory in changed.values():
                self._turns.wake(directory, now_s)
        self._looked = True
        return list(changed.values())

    def doubt(self, directory: Directory, now_s: float) -> None:
        """A file of the directory is not where it was: list it anew in the next look."""
        directory.signature = None
        self._turns.wake(directory, now_s)

    def _look_at(self, directory: Directory, relist: bool, changed: dict[str, Directory]) -> None:
        if directory.retry_at_s > time.monotonic():
            return
        try:
            status = os.stat(directory.path)
            if not stat.S_ISDIR(status.st_mode):
                raise NotADirectoryError(directory.path)
            identity = _identity(directory.path, status)
            if directory.identity != identity and not self._claim(directory, identity, changed):
                return
            signature = (status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            if relist or signature != directory.signature or directory.error:
                self._list(directory, changed)
                directory.listed_at_s = time.monotonic()
                racy = abs(time.time_ns() - status.st_mtime_ns) < RACY_NS
                directory.signature = None if racy else signature
            if directory.error:
                directory.error, directory.failures = None, 0
                changed[directory.path] = directory
        except (FileNotFoundError, NotADirectoryError):
            self._remove(directory, changed)
        except OSError as error:
            if directory.error is None:
                changed[directory.path] = directory
            directory.error = error.strerror or str(error)
            directory.retry_at_s = time.monotonic() + min(FIRST_RETRY_S * 2**directory.failures, MAX_RETRY_S)
            directory.failures = min(directory.failures + 1, 16)

    def _claim(self, directory: Directory, identity: Identity, changed: dict[str, Directory]) -> bool:
        """Whether this path may show the directory of this identity."""
        other = self._known.get(identity)
        if other is not None and other is not directory and _is_still(other):
            if directory.linked or not other.linked:
                self._remove(directory, changed)
                return False
            self._remove(other, changed)
        if self._known.get(directory.identity) is directory:
            del self._known[directory.identity]
        self._known[identity] = directory
        directory.identity = identity
        return True

    def _list(self, directory: Directory, changed: dict[str, Directory]) -> None:
        event_files, assets, children = set(), set(), {}
        with os.scandir(directory.path) as entries:
            for entry in entries:
                name = entry.name
                try:
                    if entry.is_dir():
                        children[name] = entry.is_symlink()
                    elif name in self._assets:
                        if entry.is_file():
                            assets.add(name)
                    elif is_event_file(name) and entry.is_file():
                        event_files.add(name)
                except OSError:
                    # What cannot be looked at now stays what it was.
                    event_files |= directory.event_files & {name}
                    assets |= directory.assets & {name}
                    if name in directory.children:
                        children[name] = directory.children[name].linked
        if event_files != directory.event_files or assets != directory.assets:
            directory.event_files, directory.assets = frozenset(event_files), frozenset(assets)
            changed[directory.path] = directory
        for name in directory.children.keys() - children.keys():
            self._remove(directory.children[name], changed)
            directory.children.pop(name, None)
        for name, linked in children.items():
            known = directory.children.get(name)
            if known is None or not known.alive:
                self._add(directory, name, linked)

    def _add(self, parent: Directory, name: str, linked: bool) -> None:
        path = os.path.join(parent.path, name)
        shown = display_name(name) if parent is self._root else f"{parent.name}/{display_name(name)}"
        child = Directory(path, shown, linked or parent.linked)
        parent.children[name] = child
        self._turns.add(child)
        self._fresh[child.linked].append(child)

    def _remove(self, top: Directory, changed: dict[str, Directory]) -> None:
        """Takes out a directory and all below it; the root stays, to be waited for."""
        doomed = [top]
        while doomed:
            directory = doomed.pop()
            doomed += directory.children.values()
            if self._known.get(directory.identity) is directory:
                del self._known[directory.identity]
            if directory.is_run:
                changed[directory.path] = directory
            directory.children = {}
            directory.event_files = directory.assets = frozenset()
            directory.error = directory.signature = None
            directory.identity = ""
            if directory is not self._root:
                directory.alive = False
                self._turns.remove(directory)


def _identity(path: str, status: os.stat_result) -> Identity:
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


def _is_still(directory: Directory) -> bool:
    """Whether a directory is what it was: inodes of deleted ones are used again at once."""
    try:
        return directory.alive and _identity(directory.path, os.stat(directory.path)) == directory.identity
    except OSError:
        return False
