"""Symbolic links to directories: where one leads, and how far it is followed.

A link inside the log directory is followed like the directory it leads to. One that leaves it is followed for
`MAX_LINKED` directories, enough for a run or a folder of runs that lives elsewhere, and not at all where what
it leads to is no log: a directory that holds the log directory itself (`/` above all), or one that the kernel
makes up.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cupola.index.directory import Directory

MAX_LINKED: Final = 1000
"""Directories that are followed behind one link out of the log directory."""


class Link:
    """A link out of the log directory, and how many directories are followed behind it."""

    __slots__ = ("directory", "followed")

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.followed = 0

    def admit(self, child: Directory) -> bool:
        """Whether one directory more may be followed; if not, the link says so."""
        if self.followed < MAX_LINKED:
            self.followed += 1
            child.is_counted = True
            return True
        self.directory.notice = (
            f"leaves the log directory; only the first {MAX_LINKED} directories behind it are followed: "
            "show that directory by itself, or link the run and not what holds it"
        )
        return False

    def release(self, child: Directory) -> None:
        """A directory behind the link is gone."""
        self.followed -= child.is_counted
        child.is_counted = False


def is_below(path: str, top: str) -> bool:
    """Whether a real path is `top` or lies below it."""
    return path == top or path.startswith(top if top.endswith(os.sep) else top + os.sep)


def refusal(target: str, status: os.stat_result, root: str) -> str:
    """Why the directory that a link leads to is not followed; empty if it is.

    Args:
        target: its real path.
        status: its status.
        root: the log directory's real path.
    """
    if is_below(root, target):
        return "leads to a directory that holds the log directory; it is not followed"
    if status.st_dev in kernel_devices():
        return "leads to files that the kernel makes up; it is not followed"
    return ""


def kernel_devices() -> frozenset[int]:
    """Devices of /proc and its like, where whatever is listed says nothing of runs."""
    found = {_device(path) for path in ("/proc", "/sys", "/dev")}
    return frozenset(found - {_device("/"), -1})  # "/": a plain folder of that name


def _device(path: str) -> int:
    try:
        return os.stat(path).st_dev
    except OSError:
        return -1
