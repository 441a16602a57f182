"""`cupola LOGDIR`: read, follow and show a log directory."""

from __future__ import annotations

import argparse
import contextlib
import secrets
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cupola.cli import fail, say, warn
from cupola.cli.options import DEFAULT_PORT, UNNEEDED, serve_parser
from cupola.index.files import check_logdir

if TYPE_CHECKING:
    from cupola.index.local import LocalProvider
    from cupola.provider import DataProvider

PORTS: Final = 100
"""Ports that are tried upward from the default one."""
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


def serve(arguments: Sequence[str]) -> int:
    """Serves until Ctrl-C. Returns the exit status."""
    parser = serve_parser()
    options = parser.parse_args(arguments)
    if options.directory and options.logdir:
        return fail(
            f"two log directories, {options.directory} and {options.logdir}; wanted one: give their parent"
        )
    logdir = options.directory or options.logdir
    if not logdir:
        parser.print_help(sys.stderr)
        return fail("no log directory given; wanted `cupola LOGDIR`, or `cupola demo` to look around")
    for flag, reason in UNNEEDED.items():
        if getattr(options, flag[2:]) is not None:
            warn(f"{flag} is not needed: {reason}")
    return serve_logdir(logdir, options, options.reload_interval)


def serve_logdir(logdir: str, options: argparse.Namespace, reload_interval_s: float) -> int:
    """Serves a log directory at the address that `options` (`add_network_options`) ask for."""
    path = Path(logdir).expanduser()
    opened: list[LocalProvider] = []

    def provider() -> LocalProvider:
        from cupola.index.local import LocalProvider
        from cupola.plugins import plugins

        opened.append(LocalProvider(path, plugins().values(), poll_s=reload_interval_s or 0.1))
        if reload_interval_s:
            opened[0].start()
        else:
            opened[0].load()
        return opened[0]

    try:
        check_logdir(path)
        host, sock = open_socket(options)
    except OSError as error:
        return fail(str(error))
    if not path.exists():
        warn(f"{path} does not exist yet; waiting for it")
    try:
        return run_server(provider, str(path), sock, host, options)
    finally:
        for each in opened:
            each.stop()


def run_server(
    provider: Callable[[], DataProvider],
    location: str,
    sock: socket.socket,
    host: str,
    options: argparse.Namespace,
) -> int:
    """Answers on a listening socket until a signal ends it."""
    from cupola.server.app import App
    from cupola.server.security import Access
    from cupola.server.serving import Server

    port = sock.getsockname()[1]
    guarded = options.token or host not in LOOPBACK
    token = secrets.token_urlsafe(24) if guarded else None
    named = frozenset(name.lower() for name in options.allow_host)
    own = frozenset() if host in LOOPBACK else frozenset((host.lower(), socket.gethostname().lower()))
    access = Access(named | own, named, token, port, options.path_prefix)
    app = App(provider, window_title=options.window_title, path_prefix=options.path_prefix, access=access)
    server = Server(app)
    shown = (
        socket.gethostname() if host in ("", "::", "0.0.0.0") else "localhost" if host in LOOPBACK else host
    )
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}{options.path_prefix}/"
    secret = f"?token={token}" if token else ""
    line = f"cupola shows {location} at {address}{secret} (Ctrl-C ends it)"
    if not say(line):
        warn(line)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises the signal again once it has ended
        server.run(sockets=[sock])
    say("")
    return 0


def open_socket(options: argparse.Namespace) -> tuple[str, socket.socket]:
    """(host, listening socket) at the wanted address.

    Raises:
        OSError: it is taken or not ours; the message says what to do.
    """
    from cupola.server.serving import listen

    if options.host and options.bind_all:
        raise OSError("both --host and --bind_all; wanted one of them")
    host = options.host or (
        "localhost" if not options.bind_all else "::" if socket.has_dualstack_ipv6() else "0.0.0.0"
    )
    address = "127.0.0.1" if host == "localhost" else host
    if options.port is not None:
        try:
            return host, listen(address, options.port)
        except OSError as error:
            raise OSError(
                f"cannot listen on {host} port {options.port}: {_reason(error)}; choose another --port"
            ) from None
    for port in range(DEFAULT_PORT, DEFAULT_PORT + PORTS):
        try:
            sock = listen(address, port)
        except OSError as error:
            last = error
            continue
        if port != DEFAULT_PORT:
            warn(f"port {DEFAULT_PORT} is taken; using {port}")
        return host, sock
    raise OSError(
        f"cannot listen on {host}, ports {DEFAULT_PORT} to {DEFAULT_PORT + PORTS - 1}: {_reason(last)}; "
        "choose a --port or another --host"
    )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
