"""The page: files of `_web/`, read once into a table. What a request names is looked up there and is never a
path.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import runpy
from functools import cached_property
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from cupola.http.requests import ApiError

FOLDER: Final = Path(__file__).parent.parent / "_web"

MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
}
_COMPRESSIBLE: Final = frozenset({".html", ".js", ".css", ".json", ".svg", ".txt", ".wasm"})

# Vite puts a hash of the contents into the names below assets/, so such a file never changes.
_HASHED: Final = re.compile(r"assets/.*-[A-Za-z0-9_-]{8}\.[a-z0-9]+")

MISSING: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>cupola</title>
<main><h1>The page is not built</h1>
<p>This is a checkout of cupola without its page. Build it with <code>make page</code>, then start cupola
again.</p> <p>The <a href="api/catalog">API</a> answers already.</p></main></html>
"""


def is_outdated() -> bool:
    """Whether this is a checkout whose page was made of other sources than those that lie there now."""
    check = FOLDER.parents[2] / "tools" / "page.py"
    digest = FOLDER / "sources.sha256"
    if not (check.is_file() and digest.is_file()):
        return False
    return bool(runpy.run_path(str(check))["digest"]() != digest.read_text().strip())


class Asset:
    """One file of the page."""

    def __init__(self, name: str, data: bytes) -> None:
        suffix = Path(name).suffix
        self.data = data
        self.media_type = MEDIA_TYPES[suffix]
        self.cache = "public, max-age=31536000, immutable" if _HASHED.fullmatch(name) else "no-cache"
        self.compressible = suffix in _COMPRESSIBLE and len(data) > 1000
        self.tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'

    @cached_property
    def compressed(self) -> bytes:
        """The data in gzip's format, made when it is first wanted: starting must be quick."""
        return gzip.compress(self.data, 6, mtime=0)


class Page:
    """The table. Without `_web/` its only file says how to build it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._assets = {}
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path.suffix in MEDIA_TYPES:
                name = path.relative_to(folder).as_posix()
                self._assets[name] = Asset(name, path.read_bytes())
        self.built = "index.html" in self._assets
        if not self.built:
            self._assets["index.html"] = Asset("index.html", MISSING.encode())

    def answer(self, request: Request, name: str) -> Response:
        """The file of this name; the page itself if it is empty.

        Raises:
            ApiError: the page has no such file.
        """
        asset = self._assets.get(name or "index.html")
        if asset is None:
            raise ApiError(f"no file {name[:80]!r}; the page lies at `/`, the API at `/api/`", 404)
        headers = {"Cache-Control": asset.cache, "ETag": asset.tag, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == asset.tag:
            return Response(status_code=304, headers=headers)
        body = asset.data
        if asset.compressible and "gzip" in request.headers.get("accept-encoding", ""):
            body = asset.compressed
            headers["Content-Encoding"] = "gzip"
        return Response(body, media_type=asset.media_type, headers=headers)
