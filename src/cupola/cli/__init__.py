"""The `cupola` command. Only what a command needs is imported when it runs."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status: 0 done, 1 nothing found, 2 a mistake in the call."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words[:1] == ["inspect"] or "--inspect" in words:  # TensorBoard has it as a flag
            from cupola.cli.inspect import inspect

            return inspect([word for word in words[words[0] == "inspect" :] if word != "--inspect"])
        if words[:1] == ["demo"]:
            from cupola.cli.demo import demo

            return demo(words[1:])
        from cupola.cli.serve import serve

        return serve(words)
    except KeyboardInterrupt:
        return 0


def fail(message: str) -> int:
    """Says what went wrong, and returns the exit status of a mistake."""
    warn(message)
    return 2


def warn(message: str) -> None:
    """Prints a line to standard error, if that takes any."""
    with contextlib.suppress(OSError):
        print(f"cupola: {message}", file=sys.stderr, flush=True)


def say(text: str) -> bool:
    """Prints to standard output. False where it takes nothing (a full disk, say), after a warning.

    Whoever reads from a pipe may close it: that counts as printed.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        # What is in the buffer would be tried again, and fail again, when the process ends.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            warn(f"cannot write to standard output: {error}")
            return False
    return True
