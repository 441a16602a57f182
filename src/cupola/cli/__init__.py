"""The `cupola` command. Only what a command needs is imported when it runs."""

from __future__ import annotations

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
    except BrokenPipeError:  # `cupola inspect logs | head`
        sys.stderr.close()
        return 0


def fail(message: str) -> int:
    """Says what went wrong, and returns the exit status of a mistake."""
    print(f"cupola: {message}", file=sys.stderr)
    return 2
