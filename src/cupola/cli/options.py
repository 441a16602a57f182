"""The command lines of `cupola LOGDIR`, `cupola inspect` and `cupola demo`: TensorBoard's habits."""

from __future__ import annotations

import argparse
from typing import Final

from cupola import __version__

DEFAULT_PORT: Final = 6006

EXAMPLES: Final = """\
examples:
  cupola logs                      show every run below ./logs at http://localhost:6006
  cupola --logdir logs --port 0    the same, on any free port
  cupola logs --bind_all           let other machines look too; the address then holds a token
  cupola inspect logs              print what is in there: runs, tags, steps, damage
  cupola demo                      see every kind of chart, without a log directory

`cupola ./demo` shows a directory that is called like a command.
"""

UNNEEDED: Final = {
    "--samples_per_plugin": "every point is kept, nothing is sampled",
    "--load_fast": "there is one way to load, and it is the fast one",
    "--reload_multifile": "all files of a run are always followed",
    "--reload_multifile_inactive_secs": "no file is ever forgotten",
    "--detect_file_replacement": "replaced files are always noticed",
    "--max_reload_threads": "all cores are used",
    "--reload_task": "reading never holds up an answer",
    "--purge_orphaned_data": "points are hidden only where a run says that it was restarted",
    "--generic_data": "there is one data provider",
}
"""TensorBoard's flags that have nothing to switch here, and why."""


def serve_parser() -> argparse.ArgumentParser:
    """The command line of `cupola LOGDIR`."""
    parser = argparse.ArgumentParser(
        prog="cupola",
        usage="cupola [LOGDIR | --logdir LOGDIR] [options]\n       cupola inspect LOGDIR\n       cupola demo",
        description="See your training: show the event files below a log directory in the browser.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "directory",
        nargs="?",
        metavar="LOGDIR",
        help="log directory; it is waited for if it does not exist yet",
    )
    add_option(parser, "--logdir", metavar="LOGDIR", help="the same, as TensorBoard spells it")
    add_network_options(parser)
    add_option(
        parser,
        "--reload_interval",
        type=_seconds,
        default=0.1,
        metavar="SECONDS",
        help="seconds between two looks for new points (0.1); 0 loads once",
    )
    for flag in UNNEEDED:
        add_option(parser, flag, nargs="?", const="", help=argparse.SUPPRESS)
    parser.add_argument("--version", "--version_tb", action="version", version=f"cupola {__version__}")
    return parser


def inspect_parser() -> argparse.ArgumentParser:
    """The command line of `cupola inspect LOGDIR`."""
    parser = argparse.ArgumentParser(
        prog="cupola inspect",
        description="Print what a log directory holds: runs, tags, kinds, counts, steps, damage.",
        allow_abbrev=False,
    )
    parser.add_argument("directory", nargs="?", metavar="LOGDIR")
    add_option(parser, "--logdir", metavar="LOGDIR", help="the same, as TensorBoard spells it")
    add_option(parser, "--tag", metavar="TAG", help="only series of this tag")
    add_option(parser, "--json", action="store_true", help="print JSON")
    return parser


def demo_parser() -> argparse.ArgumentParser:
    """The command line of `cupola demo`."""
    parser = argparse.ArgumentParser(
        prog="cupola demo", description="See every kind of chart.", allow_abbrev=False
    )
    add_option(
        parser,
        "--logdir",
        metavar="LOGDIR",
        help="write the event files here and keep them (else a temporary directory)",
    )
    add_network_options(parser)
    return parser


def add_network_options(parser: argparse.ArgumentParser) -> None:
    """Adds what any command that serves takes."""
    add_option(
        parser,
        "--port",
        type=_port,
        metavar="PORT",
        help=f"port to listen on, and no other; 0 is any free one (else {DEFAULT_PORT} or the next free)",
    )
    add_option(parser, "--host", metavar="HOST", help="name or address to listen on (localhost)")
    add_option(parser, "--bind_all", action="store_true", help="listen on all addresses of this machine")
    add_option(
        parser, "--token", action="store_true", help="ask for a token on localhost too; other binds always do"
    )
    add_option(
        parser,
        "--allow_host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further name in the address bar that is yours, behind a proxy say; may be repeated",
    )
    add_option(
        parser,
        "--path_prefix",
        type=_prefix,
        default="",
        metavar="/PATH",
        help="path under which everything answers, behind a proxy",
    )
    add_option(parser, "--window_title", metavar="TITLE", help="title of the browser's window")


def add_option(parser: argparse.ArgumentParser, name: str, **rest: object) -> None:
    """Adds an option under its name with `_` and with `-`."""
    names = dict.fromkeys((name, "--" + name[2:].replace("_", "-")))
    parser.add_argument(*names, **rest)  # type: ignore[arg-type]


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; wanted a number from 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; wanted seconds, 0 or more")
    return seconds


def _prefix(text: str) -> str:
    path = text.rstrip("/")
    parts = path.split("/")[1:]
    if path and (
        not path.startswith("/")
        or any(part in ("", ".", "..") for part in parts)
        or set(path) & set("?#\\{} ")
    ):
        raise argparse.ArgumentTypeError(f"{text!r} is no path; wanted one like /cupola")
    return path
