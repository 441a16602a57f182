"""`cupola LOGDIR`: read, follow and show log directories."""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from cupola.cli import fail, printable, say, warn
from cupola.cli.options import UNNEEDED, serve_parser

if TYPE_CHECKING:
    from cupola.index.local import LocalProvider
    from cupola.index.roots import Root
    from cupola.provider import DataProvider
    from cupola.server.frame import Frame

OLD_PAGE_S: Final = 5.0
"""When the page is compared with its sources: after a start, which would be slower by it."""


def serve(arguments: Sequence[str]) -> int:
    """Serves until Ctrl-C. Returns the exit status."""
    from cupola.cli.logdirs import roots_of

    parser = serve_parser()
    options = parser.parse(arguments)
    roots = roots_of(options)
    if not roots:
        from cupola.cli.nearby import tell_log_directories

        fail("no log directory given; wanted `cupola LOGDIR`, or `cupola demo` to look around")
        tell_log_directories()
        parser.print_help(sys.stderr)
        return 2
    for flag, reason in UNNEEDED.items():
        if getattr(options, flag[2:]) is not None and not options.quiet:
            warn(f"{flag} is not needed: {reason}")
    return serve_roots(roots, options, options.reload_interval)


def serve_roots(
    roots: Sequence[Root], options: argparse.Namespace, reload_interval_s: float, frame: Frame | None = None
) -> int:
    """Serves log directories at the address that `options` (`add_network_options`) ask for.

    Args:
        roots: the directories.
        options: the command line's.
        reload_interval_s: between two looks for new points; 0 loads once.
        frame: where the page may be framed, for a notebook.
    """
    from cupola.cli.logdirs import tell_problems
    from cupola.cli.report import Report
    from cupola.cli.sockets import open_socket

    opened: list[LocalProvider] = []

    def provider() -> LocalProvider:
        from cupola.index.local import LocalProvider
        from cupola.plugins import plugins

        opened.append(LocalProvider(roots, plugins().values(), poll_s=reload_interval_s or 0.1))
        if reload_interval_s:
            opened[0].start()
        else:
            opened[0].load()
        return opened[0]

    if options.certfile or options.keyfile:
        from cupola.cli.tls import check_certificate

        check_certificate(options.certfile, options.keyfile)
    host, sock = open_socket(options)
    report = None
    if not options.quiet:
        tell_problems(roots)
        report = Report(lambda: opened[0] if opened else None, sys.stderr.isatty())
        report.start()
    places = [printable(root.path) for root in roots]
    location = ", ".join(places) if len(places) <= 3 else f"{places[0]} and {len(places) - 1} more"
    try:
        return run_server(provider, location, sock, host, options, frame)
    finally:
        if report is not None:
            report.stop()
        for each in opened:
            each.stop()


def run_server(
    provider: Callable[[], DataProvider],
    location: str,
    sock: socket.socket,
    host: str,
    options: argparse.Namespace,
    frame: Frame | None = None,
) -> int:
    """Answers on a listening socket until a signal ends it.

    With a `frame` it asks for a token always, since other accounts of this machine reach localhost too, and
    says in JSON where the page lies.
    """
    from cupola.cli.addresses import LOOPBACK, own_names, shown_hosts
    from cupola.cli.token import choose_token
    from cupola.server.app import App
    from cupola.server.security import Access
    from cupola.server.serving import Server

    port = sock.getsockname()[1]
    token = choose_token(options, host not in LOOPBACK or frame is not None)
    own = own_names(host)
    named = frozenset(name.lower() for name in options.allow_host)
    access = Access(named.union(own), named, token, port, options.path_prefix, frame)
    app = App(provider, window_title=options.window_title, path_prefix=options.path_prefix, access=access)
    server = Server(app, options.certfile, options.keyfile)
    scheme = "https" if options.certfile else "http"
    end = f"{options.path_prefix}/" + (f"?token={token}" if token else "")
    first, *others = (
        f"{scheme}://{f'[{shown}]' if ':' in shown else shown}:{port}{end}"
        for shown in shown_hosts(host, own)
    )
    lines = [f"cupola shows {location} at {first} (Ctrl-C ends it)", *(f"  or {other}" for other in others)]
    if frame is not None:
        lines = [
            json.dumps(
                {"scheme": scheme, "port": port, "path": frame.path(options.path_prefix), "shows": location}
            )
        ]
    if not say("\n".join(lines)):
        warn("\n".join(lines))
    if not options.quiet:
        late = threading.Timer(OLD_PAGE_S, _warn_of_old_page)  # it reads all sources, which nobody waits for
        late.daemon = True
        late.start()
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises the signal again once it has ended
        server.run(sockets=[sock])
    say("")
    return 0


def _warn_of_old_page() -> None:
    from cupola.server import page

    if page.is_outdated():
        warn("the page is older than its sources in this checkout: `make page` builds it anew")
