"""`python -m cupola.notebook.child any|self [options]`: the server of a notebook, a process of its own.

The environment variable CUPOLA_FRAME_TOKEN holds the token that stands in its path. A server for `any` page
ends with whoever holds the other end of its standard input: the kernel, however that ends.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Literal

from cupola.cli import UsageError, fail
from cupola.cli.logdirs import roots_of
from cupola.cli.options import serve_parser
from cupola.cli.serve import serve_roots
from cupola.server.frame import Frame


def main(ancestors: Literal["any", "self"], words: list[str]) -> int:
    """Serves what the words ask for; returns the exit status."""
    frame = Frame(os.environ.pop("CUPOLA_FRAME_TOKEN"), ancestors)
    if ancestors == "any":
        threading.Thread(target=_end_with_the_kernel, daemon=True).start()
    try:
        options = serve_parser().parse(words)
        options.quiet = True  # the notebook says what there is to say
        return serve_roots(roots_of(options), options, options.reload_interval, frame)
    except (UsageError, OSError) as error:
        return fail(str(error))


def _end_with_the_kernel() -> None:
    while os.read(0, 1 << 12):
        pass
    os._exit(0)  # nothing is written, and who listened is gone


if __name__ == "__main__":
    raise SystemExit(main("self" if sys.argv[1] == "self" else "any", sys.argv[2:]))
