"""The listening socket that the command line asks for."""

from __future__ import annotations

import argparse
import contextlib
import socket
from typing import Final

from cupola.cli import UsageError, warn
from cupola.cli.addresses import EVERYWHERE, resolve
from cupola.cli.options import DEFAULT_PORT

PORTS: Final = 100
"""Ports that are tried upward from the default one."""
PROBE_S: Final = 0.3


def open_socket(options: argparse.Namespace) -> tuple[str, socket.socket]:
    """(host, listening socket) at the wanted address.

    Raises:
        UsageError: it is taken or not ours.
    """
    from cupola.server.serving import listen

    if options.host and options.bind_all:
        raise UsageError("both --host and --bind_all; wanted one of them")
    host = options.host or (
        "localhost" if not options.bind_all else "::" if socket.has_dualstack_ipv6() else "0.0.0.0"
    )
    address = resolve(host)
    ports = [options.port] if options.port is not None else range(DEFAULT_PORT, DEFAULT_PORT + PORTS)
    for port in ports:
        try:
            sock = listen(address, port, options.reuse_port)
        except OSError as error:
            last = error
            continue
        if port != ports[0]:
            warn(f"port {DEFAULT_PORT} is taken{_by_whom(address, DEFAULT_PORT)}; using {port}")
        return host, sock
    where = f"port {ports[0]}" if len(ports) == 1 else f"ports {ports[0]} to {ports[-1]}"
    raise UsageError(
        f"cannot listen on {host}{' ' if len(ports) == 1 else ', '}{where}: {_reason(last)}"
        f"{_by_whom(address, ports[0])}; choose another --port{'' if len(ports) == 1 else ' or --host'}"
    )


def _by_whom(address: str, port: int) -> str:
    """` by a cupola that shows …`, if that is who has a port of this machine."""
    import http.client  # only for the message
    import json

    reached = "127.0.0.1" if address in EVERYWHERE else address
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError, TypeError, KeyError):
        connection = http.client.HTTPConnection(reached, port, timeout=PROBE_S)
        with contextlib.closing(connection):
            connection.request("GET", "/api/info", headers={"Host": "localhost"})
            found = json.loads(connection.getresponse().read(1 << 16))
            if {"location", "rooms", "version"} <= found.keys():
                return f" by a cupola that shows {found['location']} at http://localhost:{port}/"
    return ""


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "permission denied (ports below 1024 are the system's)"
    return (error.strerror or str(error)).lower()
