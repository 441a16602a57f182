"""`%cupola`: starts or finds a server of log directories and shows its page below the cell.

Source: tensorboard/notebook.py (2.21.0), whose habits these are
"""

from __future__ import annotations

import argparse
import datetime
import shlex
import time
from typing import Any, Final

from cupola.cli import COMMANDS, UsageError, say, warn
from cupola.cli.logdirs import roots_of, tell_problems
from cupola.cli.nearby import tell_log_directories
from cupola.cli.options import serve_parser
from cupola.cli.parser import Parser
from cupola.notebook.output import html
from cupola.notebook.servers import Server, find_or_start, running

HEIGHT_PX: Final = 800


def run(line: str) -> None:
    """The magic: the command line of `cupola`, and `--height`. Without a word it lists what runs.

    Mistakes are told in a sentence, without a traceback.
    """
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        return warn(f"{line!r} cannot be split into words ({error}); wanted each quote closed")
    try:
        _run(words)
    except SystemExit:  # of argparse, which has said what is wrong, or has printed its help
        return None
    except (UsageError, OSError) as error:
        warn(str(error).removeprefix("cupola: "))
    return None


def _run(words: list[str]) -> None:
    if not words:
        return _list()
    if words[0] in COMMANDS:
        raise UsageError(f"%cupola shows log directories; `!cupola {shlex.join(words)}` runs the command")
    options = _parser().parse(words)
    roots = roots_of(options)
    if not roots:
        raise UsageError("no log directory given; wanted `%cupola --logdir LOGDIR`")
    tell_problems(roots)
    asked = {
        name: value
        for name, value in vars(options).items()
        if name not in ("directories", "logdir", "height")
    }
    server, was_running = find_or_start((tuple(roots), repr(sorted(asked.items()))), _without_height(words))
    if was_running:
        say(f"cupola runs already on port {server.port} (pid {server.pid}), started {_ago(server)} ago")
    else:
        for said in server.said:
            warn(said.removeprefix("cupola: "))
    _show(server, options.height)
    return None


def _parser() -> Parser:
    parser = serve_parser()
    parser.prog = "%cupola"
    parser.usage = "%%cupola [LOGDIR …] [options]"
    parser.option(
        "--height",
        type=_height,
        default=HEIGHT_PX,
        metavar="PX",
        help=f"of the page below the cell ({HEIGHT_PX})",
    )
    return parser


def _height(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 100 <= int(text) <= 10_000):
        raise argparse.ArgumentTypeError(f"{text!r} is no height; wanted pixels, 100 to 10000")
    return int(text)


def _without_height(words: list[str]) -> list[str]:
    """The words that the `cupola` command knows."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--height")
    return parser.parse_known_args(words)[1]


def _list() -> None:
    servers = running()
    if not servers:
        say("no cupola runs in this kernel yet; `%cupola --logdir LOGDIR` starts one")
        tell_log_directories()
        return
    lines = [f"port {each.port}: {each.shows} (started {_ago(each)} ago; pid {each.pid})" for each in servers]
    say("\n".join(["cupola runs in this kernel (`!kill PID` ends one, and the kernel's end all):", *lines]))


def _ago(server: Server) -> str:
    return str(datetime.timedelta(seconds=int(time.time() - server.started_s)))


def _show(server: Server, height_px: int) -> None:
    from IPython.display import display

    text = f"cupola shows {server.shows} at {server.address}"
    data: dict[str, Any] = {"text/plain": text, "text/html": html(server, height_px)}
    display(data, raw=True)
