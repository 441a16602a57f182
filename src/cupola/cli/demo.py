"""`cupola demo`: what every plugin has to show, on a small log directory made for the purpose."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from cupola.cli import warn


def demo(arguments: Sequence[str]) -> int:
    """Writes the demonstration, then serves it. Returns the exit status."""
    from cupola.cli.options import demo_parser
    from cupola.cli.serve import serve_logdir

    options = demo_parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cupola-demo-", ignore_cleanup_errors=True) as temporary:
        logdir = Path(options.logdir or temporary)
        warn(f"writing the demonstration to {logdir} …")
        write(logdir)
        return serve_logdir(str(logdir), options, 0.1)


def write(logdir: Path) -> list[str]:
    """Writes each plugin's demonstration below `logdir`. Returns the names of the plugins that have one."""
    from cupola.plugins import plugin_module, plugins

    written = []
    for name in plugins():
        try:
            module = plugin_module(name, "demo")
            if module is None:
                continue
            module.write(logdir)
            written.append(name)
        except Exception as error:  # one plugin less is better than no demonstration
            warn(f"no demonstration of {name}: {error}")
    return written
