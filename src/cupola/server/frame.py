"""A second way in, by a token in the path: `/@TOKEN/` is all of cupola once more, for a page that shows it in
a frame.

In a frame of another site browsers neither send nor keep the cookies that `tokens` leaves. All addresses of
the page are relative, so one that begins with the token keeps it. Who shows the token is no foreign site,
whatever the headers say.

Source: docs/design/0007-notebooks.md
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final, Literal

from starlette.responses import Response
from starlette.types import Scope

MARK: Final = "/@"


@dataclass(frozen=True, slots=True)
class Frame:
    """Who may show the page in a frame.

    Args:
        token: stands in the path; letters, digits and `-._~` only.
        ancestors: `any`: each page that knows the token; `self`: those of the same origin, where a proxy adds
            the token to the path, so that knowing the address proves nothing.
    """

    token: str
    ancestors: Literal["any", "self"]

    def path(self, path_prefix: str = "") -> str:
        """Where the page lies."""
        return f"{path_prefix}{MARK}{self.token}/"

    def claims(self, path: str, path_prefix: str) -> bool:
        """Whether a path shows a token, right or wrong."""
        return path.startswith(path_prefix + MARK)

    def enter(self, scope: Scope, path_prefix: str) -> Scope | Response | None:
        """The request as it would be without the token in its path, or where that lies; None if the token is
        wrong.
        """
        start = len(path_prefix + MARK)
        given, slash, rest = scope["path"][start:].partition("/")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode()):
            return None
        if not slash:
            return Response(status_code=308, headers={"Location": f".{MARK}{self.token}/"})
        path = f"{path_prefix}/{rest}"
        return {**scope, "path": path, "raw_path": path.encode()}

    def headers(self, usual: dict[str, str]) -> dict[str, str]:
        """The security headers of answers below the token's path."""
        headers = {**usual, "Content-Security-Policy": self._policy(usual["Content-Security-Policy"])}
        del headers["X-Frame-Options"]
        if self.ancestors == "any":
            # The notebook asks whether cupola answers before it shows a frame.
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return headers

    def _policy(self, usual: str) -> str:
        directives = [each for each in usual.split("; ") if not each.startswith("frame-ancestors")]
        # `*` would leave out schemes such as `vscode-webview:`; no directive is every page.
        return "; ".join([*directives, "frame-ancestors 'self'"] if self.ancestors == "self" else directives)
