"""JSON documents in the user's own configuration directory: read as they are now, written whole or not at
all.

Several servers, and an editor, may work on one file: each reads it anew before it changes something, and the
last writer wins. What cannot be read is never written over: it is kept aside, under a name of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

FORMAT: Final = 1
"""The form of documents that this version writes; it stands in each as `format`."""
MAX_FILE_BYTES: Final = 8 << 20
"""A longer file is none of ours."""

Document: TypeAlias = dict[str, Any]


def config_directory() -> Path:
    """Where this user's applications keep what they remember: `CUPOLA_CONFIG_DIR`, else by the platform's
    custom. It need not exist.

    Source: XDG Base Directory Specification 0.8 (relative paths in its variables are to be ignored)
    """
    if chosen := os.environ.get("CUPOLA_CONFIG_DIR"):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "cupola"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "cupola"
    xdg = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(xdg) if Path(xdg).is_absolute() else Path.home() / ".config") / "cupola"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file is not read, or not written."""

    kind: Literal["unwritable", "unreadable", "damaged", "newer"]
    path: str
    reason: str
    kept: str = ""
    """Where a damaged file was put when a good one took its place."""

    def __str__(self) -> str:
        if self.kind == "newer":
            return f"{self.path} is {self.reason}: it is left alone, and views are not kept on disk"
        if self.kind == "damaged":
            aside = f"it is kept as {self.kept}" if self.kept else "it is put aside when something is saved"
            return f"{self.path} cannot be understood: {self.reason}; {aside}"
        verb = "written" if self.kind == "unwritable" else "read"
        return f"{self.path} cannot be {verb}: {self.reason}; views last until this server ends"


class ConfigFile:
    """One document. Where it cannot be written it lasts as long as this object does. Calls take turns.

    Args:
        path: the file; its directory is made when something is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: Problem | None = None
        self._unsaved: Document | None = None

    def read(self) -> Document:
        """The document as it is now; an empty one where there is none or none that can be understood, see
        `problem`.
        """
        if self._unsaved is not None:
            return json.loads(json.dumps(self._unsaved))  # type: ignore[no-any-return]
        kept = self.problem if self.problem and self.problem.kept else None
        try:
            document = _parse(self._bytes())
        except OSError as error:
            self._complain("unreadable", _reason(error))
        except _NewerFormat as error:
            self._complain("newer", str(error))
        except (ValueError, RecursionError) as error:
            self._complain("damaged", str(error))
        else:
            self.problem = kept
            return document
        return {}

    def complain(self, reason: str) -> None:
        """Says that the document is no good in a way that only its reader can tell; what cannot be used of it
        will be lost when it is written, so that the file is put aside then.
        """
        if self.problem is None or self.problem.kept:
            self._complain("damaged", reason)

    def write(self, document: Document) -> None:
        """Puts a document in place of the present one."""
        document = {"format": FORMAT, **document}
        if self.problem is not None and self.problem.kind in ("newer", "unreadable"):
            self._unsaved = document
            return
        try:
            self._write(json.dumps(document, indent=1).encode())
        except OSError as error:
            self._unsaved = document
            self._complain("unwritable", _reason(error))
        else:
            self._unsaved = None
            if self.problem is not None and not self.problem.kept:
                self.problem = None

    def _bytes(self) -> bytes:
        """The file's bytes; none where there is no file.

        Raises:
            OSError: the system refuses, or it is no regular file.
        """
        try:
            descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except FileNotFoundError:
            return b""
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError("it is no regular file")
            return file.read(MAX_FILE_BYTES + 1)

    def _write(self, data: bytes) -> None:
        # Through links: people keep their configuration elsewhere and link to it.
        target = Path(os.path.realpath(self.path))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.problem is not None and self.problem.kind == "damaged" and not self.problem.kept:
            aside = target.with_name(f"{target.name}.{time.strftime('%Y%m%d-%H%M%S')}.damaged")
            target.replace(aside)
            self._complain("damaged", self.problem.reason, str(aside))
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.")  # of mode 0600
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(descriptor)
            Path(name).replace(target)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise

    def _complain(
        self, kind: Literal["unwritable", "unreadable", "damaged", "newer"], reason: str, kept: str = ""
    ) -> None:
        self.problem = Problem(kind, str(self.path), reason, kept)


class _NewerFormat(ValueError):
    """A document that a later version wrote."""


def _parse(data: bytes) -> Document:
    """The document in a file.

    Raises:
        ValueError: it is none of ours; a `_NewerFormat` if it is of a later version.
    """
    if not data:
        return {}
    if len(data) > MAX_FILE_BYTES:
        raise ValueError(f"longer than {MAX_FILE_BYTES} bytes")
    document = json.loads(data)
    if not isinstance(document, dict):
        raise ValueError(f"a JSON {type(document).__name__}; wanted an object")
    form = document.get("format")
    if type(form) is not int:
        raise ValueError(f"`format` is {str(form)[:40]!r}; wanted the number {FORMAT}")
    if form > FORMAT:
        raise _NewerFormat(f"of form {form}, written by a later cupola; this one knows {FORMAT}")
    return document


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
