"""`--certfile` and `--keyfile`, looked at before the server starts: OpenSSL's own words help nobody."""

from __future__ import annotations

import ssl
import time
from pathlib import Path
from typing import Any, Final

from cupola.cli import UsageError, warn

SOON_S: Final = 7 * 24 * 3600.0
NO_CHECK_TIME: Final = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME, which the module ssl has no name for. Source: openssl/x509_vfy.h"""


def check_certificate(certfile: str | None, keyfile: str | None) -> None:
    """Accepts nothing, or a certificate that a server can show today.

    Args:
        certfile: PEM file with the certificate, and those of its issuers behind it.
        keyfile: PEM file with its key; None if that stands in `certfile` too.

    Raises:
        UsageError: the files are missing, are none, do not belong together, or are out of date.
    """
    if certfile is None:
        if keyfile is not None:
            raise UsageError("--keyfile without --certfile; wanted both, or one --certfile that holds both")
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for option, name in (("--certfile", certfile), ("--keyfile", keyfile)):
        if name is not None:
            _check_pem(option, name, "CERTIFICATE" if option == "--certfile" else "PRIVATE KEY")
    try:
        context.load_cert_chain(certfile, keyfile, password=lambda: _refuse_password(keyfile or certfile))
    except ssl.SSLError as error:
        raise UsageError(_explain(error, certfile, keyfile)) from None
    _check_dates(context, certfile)


def _check_pem(option: str, name: str, kind: str) -> None:
    try:
        text = Path(name).read_text("latin-1")
    except OSError as error:
        raise UsageError(
            f"{option} {name}: {(error.strerror or str(error)).lower()}; wanted a readable file in PEM format"
        ) from None
    if f"{kind}-----" not in text:
        raise UsageError(
            f"{option} {name} holds no {kind.lower()} in PEM format; wanted a file with a line "
            f"`-----BEGIN {kind}-----` (`openssl x509 -inform der` and `openssl pkey -inform der` convert)"
        )


def _refuse_password(name: str) -> str:
    raise UsageError(
        f"the key in {name} is encrypted; wanted one without a password: "
        f"`openssl pkey -in {name} -out key.pem`"
    )


def _explain(error: ssl.SSLError, certfile: str, keyfile: str | None) -> str:
    reason = (error.reason or str(error)).lower()
    if "mismatch" in reason:
        return (
            f"the key in {keyfile or certfile} is not that of the certificate in {certfile}; wanted two that "
            "were made together: `openssl x509 -noout -pubkey -in CERT` and `openssl pkey -pubout -in KEY` "
            "print the same for them"
        )
    if keyfile is None and "PRIVATE KEY-----" not in Path(certfile).read_text("latin-1"):
        return f"{certfile} holds a certificate and no key; wanted its key too: add --keyfile KEY.pem"
    return (
        f"{certfile} and {keyfile or certfile} cannot be used for TLS ({reason.replace('_', ' ')}); wanted a "
        "certificate and its key in PEM format"
    )


def _check_dates(context: ssl.SSLContext, certfile: str) -> None:
    """A browser would refuse a certificate that is not valid today."""
    certificate = _certificate(context, certfile)
    begins_s = ssl.cert_time_to_seconds(certificate["notBefore"]) if certificate else 0.0
    ends_s = ssl.cert_time_to_seconds(certificate["notAfter"]) if certificate else float("inf")
    now_s = time.time()
    if now_s > ends_s:
        raise UsageError(f"the certificate in {certfile} expired on {certificate['notAfter']}; renew it")
    if now_s < begins_s:
        raise UsageError(
            f"the certificate in {certfile} is valid from {certificate['notBefore']} on; wanted one for "
            "today: is this machine's clock right?"
        )
    if ends_s - now_s < SOON_S:
        warn(f"the certificate in {certfile} expires on {certificate['notAfter']}: renew it soon")


def _certificate(server_context: ssl.SSLContext, certfile: str) -> dict[str, Any]:
    """What a client sees of the certificate; empty if it cannot be had.

    The module ssl reads a certificate only in a handshake, so there is one in memory.
    """
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname = False
    client_context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | NO_CHECK_TIME
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        client_context.load_verify_locations(certfile)
        client = client_context.wrap_bio(down, up)
        server = server_context.wrap_bio(up, down, server_side=True)
        for _ in range(8):
            for side in (client, server):
                try:
                    side.do_handshake()
                except ssl.SSLWantReadError:
                    continue
        return dict(client.getpeercert() or {})
    except (ssl.SSLError, ValueError):
        return {}
