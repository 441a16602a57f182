"""Who may ask, and what an answer may do in a browser. It stands before every route, pages and streams alike.

A page on the internet can make a browser send requests to localhost. So: the Host header must be an IP
address, `localhost` or a name that the command line gave (a name that an attacker's DNS can point here is
refused); requests that another site started are refused; nothing may frame the page; and any bind but
loopback asks for a token.

Source: docs/design/0002-who-may-ask.md
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cupola.http.answers import encode_json

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
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

HEADERS: Final = {
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
        port: the server's port, part of the cookie's name because cookies do not keep ports apart.
        path_prefix: where the cookie holds.
    """

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    token: str | None = None
    port: int = 6006
    path_prefix: str = ""

    @property
    def cookie(self) -> str:
        """Name of the cookie that carries the token."""
        return f"cupola-token-{self.port}"


class AccessMiddleware:
    """ASGI middleware: refuses what `access` does not allow and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or hands on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            body = memoryview(message.get("body", b""))
            if len(body) <= PIECE_BYTES:
                await send(message)
                return
            for start in range(0, len(body), PIECE_BYTES):
                end = start + PIECE_BYTES
                more = end < len(body) or message.get("more_body", False)
                await send({"type": message["type"], "body": bytes(body[start:end]), "more_body": more})

        headers = Headers(scope=scope)
        answer = _refuse_host(headers, self._access) or _refuse_site(headers, scope, self._access)
        if answer is None and self._access.token is not None:
            answer = _ask_for_token(headers, scope, self._access)
        await (answer or self._app)(scope, receive, send_guarded)


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


def _refuse_host(headers: Headers, access: Access) -> Response | None:
    hosts = headers.getlist("host")
    if len(hosts) == 1 and host_is_allowed(hosts[0], access.hosts):
        return None
    seen = repr(hosts[0][:80]) if len(hosts) == 1 else f"{len(hosts)} Host headers"
    return _refusal(
        403,
        f"the address names the host {seen}; wanted an IP address or localhost, since a name can be "
        "pointed here by another site: if it is yours, start with --allow_host NAME",
    )


def _refuse_site(headers: Headers, scope: Scope, access: Access) -> Response | None:
    """Refuses what another site started, but for following a link to the page."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site in ("same-origin", "none"):
            return None
        followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        is_page = not f"{scope['path']}/".startswith(f"{access.path_prefix}/api/")
        if followed and is_page and scope["method"] == "GET":
            return None
        return _refusal(
            403,
            "another site started this request; wanted cupola's own page to: open cupola in its own tab",
        )
    # Over plain HTTP to an address that is not loopback browsers send no Sec-Fetch-Site.
    origins = headers.getlist("origin")
    if not origins or (len(origins) == 1 and _origin_is_allowed(origins[0], headers["host"], access)):
        return None
    return _refusal(
        403,
        f"a page of {', '.join(origins)[:80]!r} started this request to {headers['host'][:80]!r}; wanted "
        "cupola's own page to: if that is the address at which your proxy shows cupola, start cupola with "
        "--allow_host and the name in it",
    )


def _origin_is_allowed(origin: str, host: str, access: Access) -> bool:
    """Whether a page of `origin` is cupola's own: of the very host that it asks, or of a proxy's name."""
    scheme, _, place = origin.partition("://")
    if place == host:
        return True
    match = _HOST.fullmatch(place)
    return scheme in ("http", "https") and match is not None and match["name"].lower() in access.origins


def _ask_for_token(headers: Headers, scope: Scope, access: Access) -> Response | None:
    assert access.token is not None
    bearer = headers.get("authorization", "").removeprefix("Bearer ")
    if _same(bearer, access.token) or any(
        _same(value, access.token) for value in _cookies(headers, access.cookie)
    ):
        return None
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if scope["method"] != "GET" or not any(
        name == "token" and _same(value, access.token) for name, value in query
    ):
        return _refusal(
            401,
            "no token or a wrong one; open the address that cupola printed at its start: it holds one",
        )
    rest = urlencode([(name, value) for name, value in query if name != "token"])
    target = scope["path"] + (f"?{rest}" if rest else "")
    if not target.startswith("/") or target.startswith(
        "//"
    ):  # a path that a browser would take for another host
        target = "/"
    cookie = f"{access.cookie}={access.token}; Path={access.path_prefix}/; HttpOnly; SameSite=Strict"
    answer = {"Set-Cookie": cookie, "Cache-Control": "no-store"}
    if headers.get("sec-fetch-site") in (None, "none", "same-origin"):
        return Response(status_code=303, headers={**answer, "Location": _ascii(target)})
    # A redirect of a link that stands on another site would not carry the strict cookie; a refresh of our own
    # page does.
    return Response(b"", headers={**answer, "Refresh": f"0; url={_ascii(target)}"}, media_type="text/html")


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _cookies(headers: Headers, name: str) -> list[str]:
    pairs = (part.strip().partition("=") for line in headers.getlist("cookie") for part in line.split(";"))
    return [value for key, _, value in pairs if key == name]


def _ascii(path: str) -> str:
    return "".join(c if 0x20 < ord(c) < 0x7F and c not in '"\\' else "" for c in path)


def _refusal(status: int, message: str) -> Response:
    return Response(
        encode_json({"error": message}),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
