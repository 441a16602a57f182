"""Who may ask, and what an answer may do in a browser. It stands before every route, pages and streams alike.

A page on the internet can make a browser send requests to localhost. So: the Host header must be an IP
address, `localhost` or a name that the command line gave (a name that an attacker's DNS can point here is
refused); requests that another site started are refused; nothing may frame the page, unless it knows the
token in a path that is made for that (`frame`); and any bind but loopback asks for a token.

Source: docs/design/0002-who-may-ask.md
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cupola.server import refusals
from cupola.server.frame import Frame
from cupola.server.notice import STYLE_SOURCE
from cupola.server.tokens import Tokens

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {STYLE_SOURCE}",  # of the pages that refuse, which load nothing
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        # Svelte's templates; the page's own sanitizer and workers (web/src); DOMPurify.
        "trusted-types svelte-trusted-html cupola dompurify",
    )
)

HEADERS: Final[dict[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

PIECE_BYTES: Final = 1 << 18
"""A long answer goes out in pieces, each when the client has taken the one before: one that stops reading
holds no more.
"""

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask.

    Args:
        hosts: names, beside IP addresses and `localhost`, that the Host header may have.
        origins: names whose pages may ask, on any port and whatever Host stands beside: those of the proxies
            that the command line gave, which may send the upstream's Host or one without a port.
        token: what a client must show, or None.
        port: the server's port, part of the cookies' names because cookies do not keep ports apart.
        path_prefix: what stands before every path.
        frame: where the page may be framed, and by whom.
    """

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    token: str | None = None
    port: int = 6006
    path_prefix: str = ""
    frame: Frame | None = None

    def is_api(self, path: str) -> bool:
        """Whether a path leads into the API, and not to the page."""
        return f"{path}/".startswith(f"{self.path_prefix}/api/")


class AccessMiddleware:
    """ASGI middleware: refuses what `access` does not allow and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access
        self._frame_headers = access.frame.headers(HEADERS) if access.frame else {}
        self._tokens = None if access.token is None else Tokens(access.token, access.port)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or hands on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer, scope, guard = self._look(scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in guard.items():
                    headers.setdefault(name, value)
            body = memoryview(message.get("body", b""))
            if len(body) <= PIECE_BYTES:
                await send(message)
                return
            for start in range(0, len(body), PIECE_BYTES):
                end = start + PIECE_BYTES
                more = end < len(body) or message.get("more_body", False)
                await send({"type": message["type"], "body": bytes(body[start:end]), "more_body": more})

        await (answer or self._app)(scope, receive, send_guarded)

    def _look(self, scope: Scope) -> tuple[Response | None, Scope, dict[str, str]]:
        """(what to answer instead, None if the request may pass; the request; the security headers)."""
        access, headers = self._access, Headers(scope=scope)
        frame = access.frame
        if frame is not None and frame.claims(scope["path"], access.path_prefix):
            entered = frame.enter(scope, access.path_prefix)
            if isinstance(entered, Response):
                return entered, scope, self._frame_headers
            if entered is None:
                return refusals.ended_notebook(headers), scope, HEADERS
            refused = None
            if frame.ancestors == "self":
                is_api = access.is_api(entered["path"])
                refused = _refuse_site(headers, scope["method"], access, is_api)
            return refused, entered, self._frame_headers
        is_api = access.is_api(scope["path"])
        answer = _refuse_host(headers, access, is_api)
        answer = answer or _refuse_site(headers, scope["method"], access, is_api)
        if answer is None and self._tokens is not None:
            answer = self._tokens.answer(headers, scope, is_api)
        return answer, scope, HEADERS


def host_is_allowed(host: str, hosts: frozenset[str]) -> bool:
    """Whether a Host header names this server in a way that no foreign DNS entry can: an IP address,
    `localhost`, or one of `hosts`.
    """
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match["name"].lower()
    if name == "localhost" or name in hosts:
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return (":" in name) == name.startswith("[")


def _refuse_host(headers: Headers, access: Access, is_api: bool) -> Response | None:
    hosts = headers.getlist("host")
    if len(hosts) == 1 and host_is_allowed(hosts[0], access.hosts):
        return None
    return refusals.foreign_host(hosts, headers, is_api)


def _refuse_site(headers: Headers, method: str, access: Access, is_api: bool) -> Response | None:
    """Refuses what another site started, but for following a link to the page."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site in ("same-origin", "none"):
            return None
        followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        if followed and not is_api and method == "GET":
            return None
        return refusals.another_site(
            "another site started this request; wanted cupola's own page to: open cupola in its own tab",
            headers,
            is_api,
        )
    # Over plain HTTP to an address that is not loopback browsers send no Sec-Fetch-Site.
    origins = headers.getlist("origin")
    if not origins or (len(origins) == 1 and _origin_is_allowed(origins[0], headers["host"], access)):
        return None
    return refusals.another_site(
        f"a page of {', '.join(origins)[:80]!r} started this request to {headers['host'][:80]!r}; wanted "
        "cupola's own page to: if that is the address at which your proxy shows cupola, start cupola with "
        "--allow_host and the name in it",
        headers,
        is_api,
    )


def _origin_is_allowed(origin: str, host: str, access: Access) -> bool:
    """Whether a page of `origin` is cupola's own: of the very host that it asks, or of a proxy's name."""
    scheme, _, place = origin.partition("://")
    if place == host:
        return True
    match = _HOST.fullmatch(place)
    return scheme in ("http", "https") and match is not None and match["name"].lower() in access.origins
