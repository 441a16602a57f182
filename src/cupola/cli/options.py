"""The command lines of `cupola LOGDIR` and its commands: TensorBoard's habits."""

from __future__ import annotations

import argparse
from typing import Final

from cupola import __version__
from cupola.cli.logdirs import add_logdir_options
from cupola.cli.parser import Parser

DEFAULT_PORT: Final = 6006

EXAMPLES: Final = """\
examples:
  cupola logs                      show every run below ./logs at http://localhost:6006
  cupola exp1 exp2                 two log directories side by side
  cupola --logdir logs --port 0    on any free port
  cupola logs --bind_all           let other machines look too; the address then holds a token
  cupola inspect logs              print what is in there: runs, tags, steps, damage
  cupola projector vectors.npy     look at a matrix as a cloud of points
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
    "--extra_data_server_flags": "there is no data server beside this one",
    "--grpc_creds_type": "there is no data server beside this one",
    "--grpc_data_provider": "there is no data server beside this one; give a log directory",
    "--db": "runs are read from event files, and TensorBoard has given its databases up too",
    "--db_import": "runs are read from event files, and TensorBoard has given its databases up too",
    "--tag": "every tag is shown, and the page has a filter; `cupola inspect LOGDIR --tag TAG` prints one",
    "--event_file": "log directories are shown; `cupola inspect --event_file FILE` prints what a file holds",
    "--master_tpu_unsecure_channel": "profiles of TPUs are not shown",
}
"""TensorBoard's flags that have nothing to switch here, and why."""


def serve_parser() -> Parser:
    """The command line of `cupola LOGDIR`."""
    parser = Parser(
        "cupola",
        usage=(
            "cupola [LOGDIR …] [options]\n       cupola inspect LOGDIR\n"
            "       cupola projector FILE [--metadata FILE] [--images DIR]\n       cupola demo\n"
            "       cupola completion bash|zsh|fish"
        ),
        description=(
            "See your training: show the event files below a log directory in the browser.\n"
            f"cupola {__version__}"
        ),
        epilog=EXAMPLES,
    )
    add_logdir_options(parser)
    add_network_options(parser)
    parser.option(
        "--reload_interval",
        type=_seconds,
        default=0.1,
        metavar="SECONDS",
        help="seconds between two looks for new points (0.1); 0 loads once",
    )
    for flag in UNNEEDED:
        parser.option(flag, nargs="?", const="", help=argparse.SUPPRESS)
    parser.add_argument(
        "--version",
        "--version_tb",
        action="version",
        version=f"cupola {__version__}",
        help="print the version",
    )
    return parser


def inspect_parser() -> Parser:
    """The command line of `cupola inspect LOGDIR`."""
    parser = Parser(
        "cupola inspect",
        description="Print what a log directory holds: runs, tags, kinds, counts, steps, damage.",
    )
    add_logdir_options(parser)
    parser.option(
        "--event_file", metavar="FILE", help="what this one event file holds, instead of a directory"
    )
    parser.option("--tag", metavar="TAG", help="only series of this tag")
    parser.option("--json", action="store_true", help="print JSON")
    return parser


def projector_parser() -> Parser:
    """The command line of `cupola projector FILE`."""
    parser = Parser(
        "cupola projector",
        description=(
            "Show the matrices of a file as clouds of points, without a log directory: .npy (mapped, not "
            "copied), .npz, .safetensors, .tsv, .csv; .parquet, .arrow and .feather with the extra "
            "cupola[projector]."
        ),
    )
    parser.add_argument("file", metavar="FILE", help="file with a matrix, a row for each point")
    parser.option(
        "--metadata",
        metavar="FILE",
        help="labels and other columns of the points: .tsv, .csv, or a file of the kinds above",
    )
    parser.option(
        "--images",
        metavar="DIR",
        help="folder of an image for each point: found by name where a column of the metadata has the names, "
        "else in the order of the names",
    )
    add_network_options(parser)
    return parser


def demo_parser() -> Parser:
    """The command line of `cupola demo`."""
    parser = Parser("cupola demo", description="See every kind of chart.")
    parser.option(
        "--logdir",
        metavar="LOGDIR",
        help="write the event files into this new or empty directory and keep them (else a temporary one)",
    )
    add_network_options(parser)
    return parser


def add_network_options(parser: Parser) -> None:
    """Adds what any command that serves takes."""
    parser.option(
        "--port",
        type=_port,
        metavar="PORT",
        help=f"port to listen on, and no other; 0 is any free one (else {DEFAULT_PORT} or the next free)",
    )
    parser.option("--host", metavar="HOST", help="name or address to listen on (localhost)")
    parser.option("--bind_all", action="store_true", help="listen on all addresses of this machine")
    parser.option(
        "--reuse_port",
        nargs="?",
        const=True,
        default=False,
        type=_boolean,
        metavar="BOOL",
        help="share the port with another process that reserved it so (SO_REUSEPORT)",
    )
    parser.option(
        "--token", action="store_true", help="ask for a token on localhost too; other binds always do"
    )
    parser.option(
        "--token_file",
        metavar="FILE",
        help="ask for the token in this file, which is made if it is not there: it stays the same when "
        "cupola is started again (as the environment variable CUPOLA_TOKEN does)",
    )
    parser.option("--certfile", metavar="FILE", help="certificate in PEM format: answer by HTTPS")
    parser.option("--keyfile", metavar="FILE", help="its key, if that does not stand in the same file")
    parser.option(
        "--allow_host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further name in the address bar that is yours, behind a proxy say; may be repeated",
    )
    parser.option(
        "--path_prefix",
        type=_prefix,
        default="",
        metavar="/PATH",
        help="path under which everything answers, behind a proxy",
    )
    parser.option("--window_title", metavar="TITLE", help="title of the browser's window")
    parser.option("--quiet", action="store_true", help="say the address and mistakes, nothing else")


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false", "1", "0"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")
    return text.lower() in ("true", "1")


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
