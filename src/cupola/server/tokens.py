"""The token: what shows it, and how a link that holds it becomes a cookie.

A link in a chat or a wiki is a navigation that another site started. A cookie of `SameSite=Strict` is not
sent on it, nor on what it redirects to, and over plain HTTP browsers do not say that another site started it.
So the page has a cookie of `SameSite=Lax`, which is. A link into the API has no such need: there the cookie
is `Strict`, so no site can start a download or a long answer.

`SameSite` does not tell ports apart: for a page of another port of the same machine, `security` compares
`Sec-Fetch-Site` and `Origin`.
"""

from __future__ import annotations

import hmac
import posixpath
import secrets
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from cupola.server import refusals

COOKIE_S: Final = 30 * 24 * 3600
"""A browser that was closed still has its cookie, so that a token that stays keeps bookmarks working."""


def fresh_token() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


class Tokens:
    """The gate of a server that asks for a token.

    Args:
        token: what a client must show; letters, digits and `-._~` only.
        port: part of the cookies' names, because cookies do not keep ports apart.
    """

    def __init__(self, token: str, port: int) -> None:
        self._token = token
        self._names = {"Lax": f"cupola-token-{port}", "Strict": f"cupola-api-{port}"}

    def answer(self, headers: Headers, scope: Scope, is_api: bool) -> Response | None:
        """None if the request shows the token; else what it gets instead: cookies, or a refusal."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == "token"]
        in_address = any(map(self._is_token, given))
        cookies = [
            value
            for policy, name in self._names.items()
            if policy == "Strict" or not is_api
            for value in _cookies(headers, name)
        ]
        admitted = self._is_token(headers.get("authorization", "").removeprefix("Bearer ")) or any(
            map(self._is_token, cookies)
        )
        reads = scope["method"] in ("GET", "HEAD")
        if reads and not is_api and given and (in_address or admitted):
            return self._without_token(headers, scope, query, in_address)
        if admitted or (reads and in_address):
            return None
        return refusals.no_token(
            len(given[0]) if given else None, len(self._token), bool(cookies), headers, is_api
        )

    def _without_token(
        self, headers: Headers, scope: Scope, query: list[tuple[str, str]], leave_cookies: bool
    ) -> Response:
        """To the same address without the token, so that it is not bookmarked, pasted on or seen.

        It is relative, and the cookies have the path that the browser sees, which a proxy may have shortened.
        """
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        name = posixpath.basename(scope["path"].replace("\\", "/"))
        target = f"./{quote(name)}" + (f"?{rest}" if rest else "")
        answer = Response(status_code=303, headers={"Location": target, "Cache-Control": "no-store"})
        if leave_cookies:
            secure = "https" in (
                scope.get("scheme"),
                headers.get("x-forwarded-proto", "").split(",")[0].strip(),
            )
            for policy, name in self._names.items():
                # A cookie that was set over TLS cannot be replaced without, so it has a name of its own.
                shown, mark = (f"__Secure-{name}", "; Secure") if secure else (name, "")
                answer.headers.append(
                    "Set-Cookie",
                    f"{shown}={self._token}; Max-Age={COOKIE_S}; HttpOnly; SameSite={policy}{mark}",
                )
        return answer

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode())


def _cookies(headers: Headers, name: str) -> list[str]:
    pairs = (part.strip().partition("=") for line in headers.getlist("cookie") for part in line.split(";"))
    return [value for key, _, value in pairs if key in (name, f"__Secure-{name}")]
