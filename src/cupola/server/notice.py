"""Words of the server's own to a person in a browser: why an address is not answered, and what to do.

A page of plain HTML that needs no script and loads nothing, in English or Chinese. Requests of programs and
of cupola's own page get the same reason as JSON.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response

from cupola.http.answers import json_response

STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{max-width:42rem;margin:12vh auto;padding:0 1.5rem;font:16px/1.6 system-ui,sans-serif}"
    "h1{font-size:1.4rem;line-height:1.3}"
    "h1,p{overflow-wrap:anywhere}"
    "pre{padding:.7rem 1rem;border:1px solid #8888;border-radius:8px;"
    "font:14px/1.6 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere;white-space:pre-wrap}"
)
STYLE_SOURCE: Final = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""What a Content-Security-Policy says to let this style through, and no other."""

LANGUAGES: Final = ("en", "zh-CN")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person reads.

    Args:
        title: what is the matter, in a line.
        text: why, and what to do; paragraphs.
        command: what to type; empty if there is nothing to.
    """

    title: str
    text: tuple[str, ...]
    command: str = ""

    def document(self, language: str) -> str:
        """An HTML document."""
        parts = [f"<p>{html.escape(paragraph)}</p>" for paragraph in self.text]
        if self.command:
            parts.append(f"<pre>{html.escape(self.command)}</pre>")
        return (
            f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="icon" href="data:,">'  # else a browser asks for /favicon.ico, which is not ours
            f"<title>{html.escape(self.title)} · cupola</title><style>{STYLE}</style>"
            f"<main><h1>{html.escape(self.title)}</h1>{''.join(parts)}</main></html>\n"
        )


def refusal(
    status: int, error: str, notices: Mapping[str, Notice], headers: Headers, is_api: bool
) -> Response:
    """An answer that refuses: a page for who opened an address in a browser, else JSON.

    Args:
        status: HTTP status.
        error: the reason for programs: `{"error": …}`.
        notices: the page, by language (`LANGUAGES`).
        headers: the request's.
        is_api: whether something of the API was asked for, which always answers JSON.
    """
    if is_api or "text/html" not in headers.get("accept", ""):
        return json_response({"error": error}, status)
    language = choose_language(headers.get("accept-language", ""))
    no_store = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    return HTMLResponse(notices[language].document(language), status, headers=no_store)


def choose_language(accepted: str) -> str:
    """The one of `LANGUAGES` that an `Accept-Language` header likes best; English if it likes none."""
    best, weight = LANGUAGES[0], 0.0
    for entry in accepted.split(",")[:32]:
        name, _, quality = entry.strip().partition(";")
        try:
            weighs = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            continue
        for language in LANGUAGES:
            if name.split("-")[0].lower() == language.split("-")[0] and weighs > weight:
                best, weight = language, weighs
    return best
