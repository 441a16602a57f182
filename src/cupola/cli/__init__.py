"""The `cupola` command. Only what a command needs is imported when it runs."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Final

COMMANDS: Final = ("inspect", "projector", "demo", "completion")
"""Words that are commands where they stand first; everything else is what is shown."""


class UsageError(Exception):
    """A mistake in the call. The message says what was seen, what was wanted and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status: 0 done, 1 nothing found, 2 a mistake in the call."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names of files and tags may be any bytes
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(words)
    except (UsageError, OSError) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return 0


def _run(words: list[str]) -> int:
    from cupola.cli.blas import use_one_blas_thread

    use_one_blas_thread()
    command = words[0] if words else ""
    if command == "inspect" or "--inspect" in words:  # TensorBoard has it as a flag
        from cupola.cli.inspect import inspect

        return inspect([word for word in words[command == "inspect" :] if word != "--inspect"])
    if command == "projector":
        from cupola.cli.projector import projector

        return projector(words[1:])
    if command == "demo":
        from cupola.cli.demo import demo

        return demo(words[1:])
    if command == "completion":
        from cupola.cli.completion import completion

        return completion(words[1:])
    from cupola.cli.serve import serve

    return serve(words[command == "serve" :])  # TensorBoard's name for what has none here


def fail(message: str) -> int:
    """Says what went wrong, and returns the exit status of a mistake."""
    warn(message)
    return 2


def warn(message: str) -> None:
    """Prints a line to standard error, if that takes any."""
    try:
        print(f"cupola: {message}", file=sys.stderr, flush=True)
    except OSError:
        _give_up(sys.stderr)


def say(text: str) -> bool:
    """Prints to standard output. False where it takes nothing (a full disk, say), after a warning.

    Whoever reads from a pipe may close it: that counts as printed.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        _give_up(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            warn(f"cannot write to standard output: {error}")
            return False
    return True


def _give_up(stream: io.TextIOBase | object) -> None:
    """What is in a stream's buffer would be tried again, and fail again, when the process ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]


def printable(text: str) -> str:
    """Text of a log as one line that cannot command a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def count(number: int, noun: str) -> str:
    """`1 run`, `1,234 runs`, `2 series`."""
    return f"{number:,} {noun}{'' if number == 1 or noun.endswith('s') else 's'}"
