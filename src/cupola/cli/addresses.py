"""Under which names and addresses other people reach this machine."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from cupola.cli import UsageError, warn

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
EVERYWHERE: Final = ("", "::", "0.0.0.0")
LOOKUP_S: Final = 1.0
"""Patience with a name server for what is nice to know."""
MAX_SHOWN: Final = 6

T = TypeVar("T")


def resolve(host: str) -> str:
    """The numeric address of a host to listen on, asked for once.

    Raises:
        UsageError: there is none.
    """
    if host in EVERYWHERE:
        return host
    if host == "localhost":
        return "127.0.0.1"
    hint = threading.Timer(LOOKUP_S, warn, [f"looking up {host} …"])
    hint.daemon = True
    hint.start()
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"cannot listen on {host}: {reason.lower()}; wanted a name or address of this machine, or "
            "--bind_all"
        ) from None
    finally:
        hint.cancel()
    return str(found[0][4][0])


def own_names(host: str) -> tuple[str, ...]:
    """Names of this machine, in lower case: what it was asked to listen on, its short and its full name."""
    if host in LOOPBACK:
        return ()
    short = socket.gethostname().lower()
    full = within(LOOKUP_S, socket.getfqdn, "").lower()
    names = [host.lower(), short, full]
    if not full:
        warn(
            f"the full name of {short} could not be looked up in {LOOKUP_S:g} s; to open cupola under it, "
            "add --allow_host NAME"
        )
    return tuple(
        dict.fromkeys(name for name in names if name not in EVERYWHERE and not name.startswith("localhost"))
    )


def shown_hosts(host: str, names: tuple[str, ...]) -> list[str]:
    """What to put into the addresses that are printed, the most useful one first."""
    if host in LOOPBACK:
        return ["localhost"]
    if host not in EVERYWHERE:
        return [host]
    addresses = interface_addresses()
    if is_container():
        # Its own name means nothing outside; what people open is a published port of the machine around it.
        return list(dict.fromkeys(["localhost", *addresses]))[:MAX_SHOWN]
    return list(dict.fromkeys([*names, *addresses, "localhost"]))[:MAX_SHOWN]


def is_container() -> bool:
    """Whether this is one of Docker, Podman or Kubernetes."""
    marks = (Path("/.dockerenv"), Path("/run/.containerenv"))
    return any(mark.exists() for mark in marks) or "KUBERNETES_SERVICE_HOST" in os.environ


def interface_addresses() -> list[str]:
    """IPv4 addresses of this machine's interfaces, without loopback. Nothing is sent for it."""
    found: list[str] = []
    if sys.platform == "linux":
        import fcntl
        import struct

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for _, name in socket.if_nameindex():
                with contextlib.suppress(OSError):  # without an IPv4 address
                    request = struct.pack("256s", name.encode()[:15])
                    answer = fcntl.ioctl(sock.fileno(), 0x8915, request)  # SIOCGIFADDR
                    found.append(socket.inet_ntoa(answer[20:24]))
    else:
        for entry in within(
            LOOKUP_S, lambda: socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET), []
        ):
            found.append(str(entry[4][0]))
    return [address for address in dict.fromkeys(found) if not address.startswith("127.")]


def within(limit_s: float, function: Callable[[], T], default: T) -> T:
    """What a function returns, or the default if it fails or takes longer: name servers may be silent."""
    answers: list[T] = []

    def call() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            answers.append(function())

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(limit_s)
    return answers[0] if answers else default
