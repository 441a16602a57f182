"""What a person left of a page, for the next morning: the last view of these log directories, views with
names, and settings for all logs.

A view is where the page's address stood: opaque here. It is kept in the user's configuration directory and
never beside the log, which others read too. Several pages and servers change it piece by piece, so a change
names only what it changes (as JSON Merge Patch does, RFC 7396), and null removes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.http.answers import json_response
from cupola.http.requests import ApiError
from cupola.http.routing import get, patch
from cupola.server.config_file import ConfigFile, Document, Problem, config_directory

log = logging.getLogger(__name__)

MAX_VIEW_CHARACTERS: Final = 500_000
"""Room for the names of some thousand runs, picked one by one."""
MAX_OTHERS: Final = 32
MAX_NAMED: Final = 200
MAX_NAME_CHARACTERS: Final = 200
MAX_NAMED_CHARACTERS: Final = 2_000_000
"""Of all views with names together."""
MAX_SETTINGS: Final = 100
MAX_SETTING_CHARACTERS: Final = 4000

_SETTING = re.compile(r"[a-z][A-Za-z0-9_.:/ -]{0,63}", re.ASCII)


class Views:
    """The views of one place, and the settings of its user.

    Args:
        location: what the log directories are called, by absolute paths: who shows the same ones again sees
            the same views.
        directory: where they are kept; None: the user's configuration directory.
    """

    def __init__(self, location: str, directory: Path | None = None) -> None:
        self._location = location
        directory = config_directory() if directory is None else directory
        digest = hashlib.sha256(os.path.normcase(location).encode("utf-8", "surrogateescape")).hexdigest()
        self._views = ConfigFile(directory / "views" / f"{digest[:32]}.json")
        self._settings = ConfigFile(directory / "settings.json")
        self._files = ((self._views, _VIEWS), (self._settings, _SETTINGS))
        self._lock = threading.Lock()
        self._told: set[Problem] = set()

    def routes(self) -> list[Route]:
        """`GET` and `PATCH /views`."""
        return [get("/views", self._answer), patch("/views", self._change)]

    def _answer(self, _: Request) -> Response:
        with self._lock:
            return self._document(*(_usable(file, checks) for file, checks in self._files))

    def _change(self, body: Mapping[str, Any]) -> Response:
        for name in body:
            if name not in _VIEWS and name not in _SETTINGS:
                raise ApiError(f"member `{name[:40]}` is unknown; wanted `last`, `named` or `settings`")
        with self._lock:
            # All of it is looked at before any is written.
            changed = [self._merge(file, checks, body) for file, checks in self._files]
            for (file, _), (document, is_new) in zip(self._files, changed, strict=True):
                if is_new:
                    file.write(document)
            return self._document(*(document for document, _ in changed))

    def _merge(
        self, file: ConfigFile, checks: Mapping[str, _Check], body: Mapping[str, Any]
    ) -> tuple[Document, bool]:
        """A file's document with the body's changes, and whether there are any."""
        document = _usable(file, checks)
        before = dict(document)
        for name, check in checks.items():
            if name in body:
                document[name] = _merged(document.get(name), body[name], name)
                check(document[name])
        is_new = document != before
        if file is self._views:
            document["location"] = self._location  # for who looks into the file
        return document, is_new

    def _document(self, views: Document, settings: Document) -> Response:
        problems = [file.problem for file in (self._views, self._settings) if file.problem]
        for problem in problems:
            if problem not in self._told:
                self._told.add(problem)
                log.warning("cupola: %s", problem)
        return json_response(
            {
                "last": views.get("last"),
                "named": views.get("named") or {},
                "settings": settings.get("settings") or {},
                "problems": [
                    {"kind": each.kind, "path": each.path, "reason": each.reason, "kept": each.kept}
                    for each in problems
                ],
            }
        )


_Check = Callable[[Any], None]


def _usable(file: ConfigFile, checks: Mapping[str, _Check]) -> Document:
    """A file's document without what is not as it should be: somebody edited it."""
    document = file.read()
    for name, check in checks.items():
        value = document.get(name)
        try:
            check(value)
        except ApiError as error:
            file.complain(str(error))
            document[name] = None
            if isinstance(value, dict) and name != "last":
                document[name] = {key: each for key, each in value.items() if _passes(check, {key: each})}
    return document


def _passes(check: _Check, value: Any) -> bool:
    try:
        check(value)
    except ApiError:
        return False
    return True


def _merged(present: Any, change: Any, name: str) -> Any:
    if name == "last" or change is None:
        return change
    if not isinstance(change, dict):
        raise ApiError(f"member `{name}` is a {type(change).__name__}; wanted an object of names, or null")
    merged = {**(present or {}), **change}
    return {key: value for key, value in merged.items() if value is not None}


def _check_view(view: Any) -> None:
    """`{"hash": "#scalars?…", "others": ["#images?…"]}`: the open room's address, and what other rooms hold
    beside it.
    """
    if not isinstance(view, dict) or set(view) - {"hash", "others"} or not isinstance(view.get("hash"), str):
        raise ApiError('a view is something else than wanted: {"hash": text, "others": [texts]}')
    others = view.get("others", [])
    if not isinstance(others, list) or not all(isinstance(other, str) for other in others):
        raise ApiError("member `others` of a view is no list; wanted one of texts")
    if len(others) > MAX_OTHERS:
        raise ApiError(f"a view has {len(others)} `others`; wanted at most {MAX_OTHERS}")
    for text in (view["hash"], *others):
        if text and not text.startswith("#"):
            raise ApiError(f"a view's address is {text[:40]!r}; wanted one that begins with `#`")
    if _size(view) > MAX_VIEW_CHARACTERS:
        raise ApiError(
            f"a view has {_size(view)} characters; wanted at most {MAX_VIEW_CHARACTERS}: choose runs by a "
            "filter and not one by one",
            413,
        )


def _check_last(last: Any) -> None:
    if last is not None:
        _check_view(last)


def _check_named(named: Any) -> None:
    for name, view in _object(named, "named"):
        if not name.strip() or len(name) > MAX_NAME_CHARACTERS:
            raise ApiError(
                f"a view's name is {name[:40]!r}; wanted 1 to {MAX_NAME_CHARACTERS} characters, not all blank"
            )
        _check_view(view)
    if named and (len(named) > MAX_NAMED or _size(named) > MAX_NAMED_CHARACTERS):
        raise ApiError(
            f"{len(named)} views of {_size(named)} characters; wanted at most {MAX_NAMED} of "
            f"{MAX_NAMED_CHARACTERS}: delete some first",
            413,
        )


def _check_settings(settings: Any) -> None:
    for name, value in _object(settings, "settings"):
        if not _SETTING.fullmatch(name) or _size(value) > MAX_SETTING_CHARACTERS:
            raise ApiError(
                f"setting {name[:70]!r}; wanted a word, and a value of at most {MAX_SETTING_CHARACTERS} "
                "characters as JSON"
            )
    if settings and len(settings) > MAX_SETTINGS:
        raise ApiError(f"{len(settings)} settings; wanted at most {MAX_SETTINGS}", 413)


def _object(value: Any, name: str) -> list[tuple[str, Any]]:
    if value is not None and not isinstance(value, dict):
        raise ApiError(f"member `{name}` is a {type(value).__name__}; wanted an object")
    return list((value or {}).items())


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))


_VIEWS: Final[Mapping[str, _Check]] = {"last": _check_last, "named": _check_named}
_SETTINGS: Final[Mapping[str, _Check]] = {"settings": _check_settings}
