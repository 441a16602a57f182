"""The trees of directories below the log directories, and which of their files matter.

Nothing is opened here but directories. Symbolic links are followed as far as `links` says; a directory that
can be reached twice is shown once, under its real path if that lies below a log directory, so a link to a
parent ends nowhere, and a log directory inside another one has its own name.
"""

from __future__ import annotations

import os
import stat
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from cupola.index.directory import Directory, Identity, display_name, is_event_file
from cupola.index.event_file import FIRST_RETRY_S, MAX_RETRY_S
from cupola.index.files import RACY_NS
from cupola.index.links import Link, is_below, kernel_devices, refusal
from cupola.index.ownership import AssetPatterns
from cupola.index.poll_schedule import PollSchedule
from cupola.index.roots import Root, describe
from cupola.index.watcher import PollingWatcher
from cupola.types import Source

DIRECTORIES_PER_S: Final = 2000
RELIST_S: Final = 30.0
"""Age at which a directory is listed anew whatever its mtime says: some file systems' clocks are coarse."""


class Logdir:
    """The log directories. They need not exist yet.

    Args:
        roots: what is followed; or the path of one directory.
        assets: which files beside the event files matter.
        poll_s: shortest time between two polls, in seconds.
    """

    def __init__(
        self, roots: str | Sequence[Root], assets: AssetPatterns | None = None, poll_s: float = 0.1
    ) -> None:
        self._poll_s = poll_s
        self._patterns = assets or AssetPatterns()
        self._kernel_devices = kernel_devices()
        self._real_roots: dict[Directory, str] = {}
        """The directories of the roots, and their real paths as soon as they are known."""
        self._roots_changed = False
        self._known: dict[Identity, Directory] = {}
        self._schedule: PollSchedule[Directory] = PollSchedule(int(DIRECTORIES_PER_S * max(poll_s, 0.1)))
        self._watcher = PollingWatcher()
        self._invalid: set[Directory] = set()
        self._walked = False
        self._unlisted: tuple[deque[Directory], deque[Directory]] = (deque(), deque())
        """Directories that are not listed yet: real paths and linked ones."""
        named = [Root(roots)] if isinstance(roots, str) else roots
        self._roots: dict[Root, list[Directory]] = {root: [] for root in named}
        for root in named:
            if not root.is_pattern:
                self._add_root(root, root)

    @property
    def is_walking(self) -> bool:
        """Whether there are directories that were never listed."""
        return any(self._unlisted)

    @property
    def is_hot(self) -> bool:
        """Whether a directory has changed lately."""
        return self._schedule.is_hot()

    @property
    def next_retry_s(self) -> float:
        """When a directory that could not be listed is to be tried again; infinity if there is none."""
        return self._schedule.next_retry_s()

    def sources(self) -> list[Source]:
        """What is known of the roots. From any thread."""
        return [describe(root, directories) for root, directories in self._roots.items()]

    def take_roots_changed(self) -> bool:
        """Whether a log directory came or went since this was asked last."""
        changed, self._roots_changed = self._roots_changed, False
        return changed

    def watch(self, watcher: PollingWatcher) -> None:
        """Has the directories watched from now on."""
        self._watcher = watcher
        for directory in self._known.values():
            self._invalid.add(directory)
            watcher.add(directory, bool(directory.event_files or directory.own_assets))

    def poll(self, everything: bool = True, turn: bool = True, limit: int | None = None) -> list[Directory]:
        """Looks for what came and went.

        Args:
            everything: polls all directories.
            turn: polls the hot ones, and of a large tree's quiet ones some; otherwise only those that are
                invalid.
            limit: most directories of which the contents are unknown that are listed in this call; the next
                call goes on. Who follows has files to poll meanwhile.

        Returns:
            The directories whose files changed, those that are gone (not `alive`) too.
        """
        now_s = time.monotonic()
        changed: dict[str, Directory] = {}
        due: Iterable[Directory] = self._schedule.retries(now_s)
        if everything or turn:
            self._match_patterns()
            due = [*self._real_roots, *self._schedule.due(now_s, everything)]
        invalid, self._invalid = self._invalid, set()
        relists = 1 + int(len(self._schedule) * self._poll_s / RELIST_S)  # all of them in one round
        for directory in dict.fromkeys((*invalid, *due)):
            if directory.alive:
                relist = relists > 0 and now_s - directory.listed_at_s > RELIST_S
                relists -= relist
                self._check(directory, relist or directory in invalid, changed)
        self._walk(limit, changed)
        if self._walked:  # what was there at the start is not hot for that
            for directory in changed.values():
                self._schedule.heat(directory, now_s)
        self._walked |= not self.is_walking
        return list(changed.values())

    def invalidate(self, directory: Directory) -> None:
        """Something in the directory is not as it was: the next poll lists it anew."""
        self._invalid.add(directory)

    def _match_patterns(self) -> None:
        """Takes in directories that match a pattern now. One that is gone stays and may come again."""
        for root in self._roots:
            if root.is_pattern:
                for match in root.matches():
                    self._add_root(root, match)

    def _add_root(self, root: Root, match: Root) -> None:
        if all(match.path != directory.path for directory in self._real_roots):
            directory = match.directory()
            self._roots[root].append(directory)
            self._real_roots[directory] = match.path
            self._schedule.add(directory)

    def _walk(self, limit: int | None, changed: dict[str, Directory]) -> None:
        real, linked = self._unlisted
        listed = 0
        while (real or linked) and (limit is None or listed < limit):
            directory = (real or linked).popleft()  # real paths first: they have the better right to a name
            if directory.alive:
                self._schedule.add(directory)
                self._check(directory, True, changed)
                listed += 1

    def _check(self, directory: Directory, relist: bool, changed: dict[str, Directory]) -> None:
        """Lists a directory if it has changed, or if `relist`."""
        if directory.retry_at_s > time.monotonic():
            return
        try:
            status = os.stat(directory.path)
            if not stat.S_ISDIR(status.st_mode):
                raise NotADirectoryError(directory.path)
            identity = _identity(directory.path, status)
            if directory.identity != identity and not self._register(directory, identity, changed):
                return
            if not self._may_list(directory, status, changed):
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
            self._fail(directory, error, changed)

    def _fail(self, directory: Directory, error: OSError, changed: dict[str, Directory]) -> None:
        wait_s = min(FIRST_RETRY_S * 2**directory.failures, MAX_RETRY_S)
        directory.retry_at_s = time.monotonic() + wait_s
        directory.failures = min(directory.failures + 1, 16)
        self._schedule.retry(directory, directory.retry_at_s)
        if directory.link and directory.link.directory is not directory and not directory.event_files:
            return  # behind a link out of the log directory there is much that is none of our business
        if directory.error is None:
            changed[directory.path] = directory
        directory.error = error.strerror or str(error)

    def _register(self, directory: Directory, identity: Identity, changed: dict[str, Directory]) -> bool:
        """Whether this path may show the directory of this identity."""
        other = self._known.get(identity)
        if other is not None and other is not directory and _is_still(other):
            if directory.is_linked or not other.is_linked:
                self._remove(directory, changed)
                return False
            self._remove(other, changed)
        if self._known.get(directory.identity) is directory:
            del self._known[directory.identity]
            self._watcher.remove(directory)
        self._known[identity] = directory
        directory.identity = identity
        directory.signature = None
        if directory.notice:
            directory.notice = None
            changed[directory.path] = directory
        if directory.parent is None:
            self._real_roots[directory] = os.path.realpath(directory.path)
            self._kernel_devices -= {os.stat(directory.path).st_dev}
            self._roots_changed = True
        return True

    def _may_list(self, directory: Directory, status: os.stat_result, changed: dict[str, Directory]) -> bool:
        """Whether a directory's contents are looked at. A link that leaves the log directory begins its count
        here, or says why it is not followed.
        """
        if directory.signature is not None or directory.parent is None:
            return True
        if not directory.is_link:
            return status.st_dev not in self._kernel_devices
        target = os.path.realpath(directory.path)
        if any(is_below(target, real) for real in self._real_roots.values()):
            return True
        refused = refusal(target, status, self._real_roots[directory.parents()[0]])
        if not refused:
            directory.link = directory.link or Link(directory)
        elif directory.link is None or directory.link.directory is directory:
            self._take_contents(directory, set(), set(), {}, changed)
            if directory.notice != refused:
                directory.notice = refused
                changed[directory.path] = directory
        return not refused

    def _list(self, directory: Directory, changed: dict[str, Directory]) -> None:
        self._watcher.add(directory, bool(directory.event_files or directory.own_assets))
        event_files: set[str] = set()
        assets: set[str] = set()
        children: dict[str, bool] = {}
        links = False
        above = [os.path.basename(parent.path) for parent in directory.parents()[1:]]
        with os.scandir(directory.path) as entries:
            for entry in entries:
                name = entry.name
                try:
                    if entry.is_dir():
                        children[name] = entry.is_symlink()
                        continue
                    is_event = is_event_file(name)
                    if (is_event or any(self._patterns.match(above, name))) and entry.is_file():
                        (event_files if is_event else assets).add(name)
                        links |= entry.is_symlink()
                except OSError:
                    # What cannot be looked at now stays what it was.
                    event_files |= directory.event_files & {name}
                    assets |= directory.own_assets.keys() & {name}
                    if name in directory.children:
                        children[name] = directory.children[name].is_link
        directory.has_linked_files = links
        self._take_contents(directory, event_files, assets, children, changed)
        self._watcher.add(directory, bool(event_files or assets))

    def _take_contents(
        self,
        directory: Directory,
        event_files: set[str],
        assets: set[str],
        children: dict[str, bool],
        changed: dict[str, Directory],
    ) -> None:
        """Makes a directory what it was found to hold; `children` says of each whether it is a link."""
        if event_files != directory.event_files:
            directory.event_files = frozenset(event_files)
            changed[directory.path] = directory
        self._take_assets(directory, assets, changed)
        for name in directory.children.keys() - children.keys():
            self._remove(directory.children[name], changed)
            directory.children.pop(name, None)
        for name, is_link in children.items():
            known = directory.children.get(name)
            if known is None or not known.alive:
                self._add(directory, name, is_link, changed)

    def _take_assets(self, directory: Directory, names: set[str], changed: dict[str, Directory]) -> None:
        for name in directory.own_assets.keys() - names:
            for run, path in directory.own_assets.pop(name):
                run.assets.pop(path, None)
                changed[run.path] = run
        fresh = names - directory.own_assets.keys()
        chain = directory.parents() if fresh else []
        above = [os.path.basename(parent.path) for parent in chain[1:]]
        for name in fresh:
            owners = directory.own_assets[name] = []
            for levels, plugin in self._patterns.match(above, name):
                run = chain[len(chain) - 1 - levels]
                path = "/".join(map(display_name, (*above[len(above) - levels :], name)))
                owners.append((run, path))
                run.assets[path] = plugin, os.path.join(directory.path, name)
                changed[run.path] = run

    def _add(self, parent: Directory, name: str, is_link: bool, changed: dict[str, Directory]) -> None:
        path = os.path.join(parent.path, name)
        shown = display_name(name) if parent.name == "." else f"{parent.name}/{display_name(name)}"
        child = Directory(path, shown, parent, is_link, is_link or parent.is_linked, parent.link)
        if child.link is not None and not child.link.admit(child):
            changed[child.link.directory.path] = child.link.directory
            return
        parent.children[name] = child
        self._unlisted[child.is_linked].append(child)

    def _remove(self, top: Directory, changed: dict[str, Directory]) -> None:
        """Takes out a directory and all below it; a root stays, to be waited for."""
        doomed = [top]
        while doomed:
            directory = doomed.pop()
            doomed += directory.children.values()
            if self._known.get(directory.identity) is directory:
                del self._known[directory.identity]
            if directory.is_run:
                changed[directory.path] = directory
            self._roots_changed |= directory.parent is None and directory.identity != ""
            self._watcher.remove(directory)
            self._take_assets(directory, set(), changed)
            if directory.link is not None:
                directory.link.release(directory)
            directory.children = {}
            directory.event_files = frozenset()
            directory.error = directory.notice = directory.signature = directory.link = None
            directory.identity = ""
            if directory.parent is not None:
                directory.alive = False
                self._schedule.remove(directory)


def _identity(path: str, status: os.stat_result) -> Identity:
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


def _is_still(directory: Directory) -> bool:
    """Whether a directory is what it was: inodes of deleted ones are used again at once."""
    try:
        return directory.alive and _identity(directory.path, os.stat(directory.path)) == directory.identity
    except OSError:
        return False
