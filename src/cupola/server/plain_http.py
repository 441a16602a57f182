"""What a browser reads that asks the port of HTTPS by plain HTTP: without it, a connection that ends at once.

OpenSSL tells such a request from a broken handshake. What it has not read of it yet says in which language,
and for which host, to answer.
"""

from __future__ import annotations

import re
import ssl
from typing import Any, Final

from cupola.server.notice import Notice, choose_language
from cupola.server.security import HEADERS

_HOST: Final = re.compile(rb"\r\nhost:[ \t]*([\w.:\[\]-]{1,255})[ \t]*\r\n", re.IGNORECASE)
_LANGUAGE: Final = re.compile(rb"\r\naccept-language:[ \t]*([^\r\n]{1,1000})\r\n", re.IGNORECASE)


class PoliteContext(ssl.SSLContext):
    """A server's TLS context, as `ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)`, that answers plain HTTP."""

    def wrap_bio(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *rest: Any, **named: Any) -> Any:
        """A connection."""
        made: Any = super().wrap_bio(incoming, outgoing, *rest, **named)
        made.incoming, made.outgoing = incoming, outgoing
        return made


class _Connection(ssl.SSLObject):
    incoming: ssl.MemoryBIO
    outgoing: ssl.MemoryBIO
    _plain: ssl.SSLError | None = None

    def do_handshake(self) -> None:
        """OpenSSL's. After an answer the client is waited for: an error would take the answer away."""
        if self._plain:
            raise self._plain
        try:
            super().do_handshake()
        except ssl.SSLError as error:
            if error.reason != "HTTP_REQUEST":
                raise
            self._plain = error
            self.outgoing.write(_answer(self.incoming.read()))
            raise ssl.SSLWantReadError from error


PoliteContext.sslobject_class = _Connection


def _answer(request: bytes) -> bytes:
    """A page that names the right address.

    Args:
        request: its header but for the first bytes, or less.
    """
    host, languages = _HOST.search(request), _LANGUAGE.search(request)
    address = f"https://{host[1].decode('ascii')}/" if host and host[1].isascii() else "https://…"
    language = choose_language(languages[1].decode("latin-1") if languages else "")
    body = _NOTICES[language](address).document(language).encode()
    head = {
        **HEADERS,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Connection": "close",
    }
    lines = ["HTTP/1.1 400 Bad Request", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


_NOTICES: Final = {
    "en": lambda address: Notice(
        "This cupola is reached by https://",
        (
            "It was started with a certificate (--certfile), and the address in the browser begins with "
            "http://. Type https:// in its place:",
        ),
        address,
    ),
    "zh-CN": lambda address: Notice(
        "请用 https:// 访问这个 cupola",
        ("启动时指定了证书（--certfile），而浏览器中的地址以 http:// 开头。请改为：",),
        address,
    ),
}
