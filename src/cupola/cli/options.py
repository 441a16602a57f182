"""The options of `cupola LOGDIR`: TensorBoard's habits."""

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


def parser() -> argparse.ArgumentParser:
    """The command line of `cupola LOGDIR`."""
    out = argparse.ArgumentParser(
        prog="cupola",
        usage="cupola [LOGDIR | --logdir LOGDIR] [options]\n       cupola inspect LOGDIR\n       cupola demo",
        description="See your training: show the event files below a log directory in the browser.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    out.add_argument(
        "directory",
        nargs="?",
        metavar="LOGDIR",
        help="log directory; it is waited for if it does not exist yet",
    )
    option(out, "--logdir", metavar="LOGDIR", help="the same, as TensorBoard spells it")
    network(out)
    option(
        out,
        "--reload_interval",
        type=_seconds,
        default=0.1,
        metavar="SECONDS",
        help="seconds between two looks for new points (0.1); 0 loads once",
    )
    for flag in UNNEEDED:
        option(out, flag, nargs="?", const="", help=argparse.SUPPRESS)
    out.add_argument("--version", "--version_tb", action="version", version=f"cupola {__version__}")
    return out


def network(out: argparse.ArgumentParser) -> None:
    """Adds what any command that serves takes."""
    option(
        out,
        "--port",
        type=_port,
        metavar="PORT",
        help=f"port to listen on, and no other; 0 is any free one (else {DEFAULT_PORT} or the next free)",
    )
    option(out, "--host", metavar="HOST", help="name or address to listen on (localhost)")
    option(out, "--bind_all", action="store_true", help="listen on all addresses of this machine")
    option(
        out, "--token", action="store_true", help="ask for a token on localhost too; other binds always do"
    )
    option(
        out,
        "--allow_host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further name in the address bar that is yours, behind a proxy say; may be repeated",
    )
    option(
        out,
        "--path_prefix",
        type=_prefix,
        default="",
        metavar="/PATH",
        help="path under which everything answers, behind a proxy",
    )
    option(out, "--window_title", metavar="TITLE", help="title of the browser's window")


def option(out: argparse.ArgumentParser, name: str, **rest: object) -> None:
    """Adds an option under its name with `_` and with `-`."""
    names = dict.fromkeys((name, "--" + name[2:].replace("_", "-")))
    out.add_argument(*names, **rest)  # type: ignore[arg-type]


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
