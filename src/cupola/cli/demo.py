"""`cupola demo`: what every plugin has to show, on a small log directory made for the purpose."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cupola import __version__
from cupola.cli import UsageError, warn

MARK: Final = ".cupola-demo"
"""A file in a directory that is a demonstration's own: the version that wrote it, once it is whole."""


def demo(arguments: Sequence[str]) -> int:
    """Writes the demonstration, then serves it. Returns the exit status."""
    from cupola.cli.options import demo_parser
    from cupola.cli.serve import serve_roots
    from cupola.index.files import check_logdir
    from cupola.index.roots import Root

    options = demo_parser().parse(arguments)
    try:
        temporary = tempfile.TemporaryDirectory(prefix="cupola-demo-", ignore_cleanup_errors=True)
    except OSError as error:
        raise UsageError(
            f"there is no directory for temporary files ({error.strerror or error}); set TMPDIR, or give a "
            "new directory: `cupola demo --logdir DIR`"
        ) from None
    with temporary as name:
        if options.logdir:
            check_logdir(options.logdir)
        logdir = Path(options.logdir or name).expanduser().absolute()
        if take(logdir):
            if not options.quiet:
                warn(f"writing the demonstration to {logdir} …")
            write(logdir)
            (logdir / MARK).write_text(f"{__version__}\n", "utf-8")
        return serve_roots([Root(str(logdir))], options, 0.1)


def take(logdir: Path) -> bool:
    """Makes a directory the demonstration's own. False if it holds one already.

    Raises:
        UsageError: it holds something else, or cannot be written.
    """
    mark = logdir / MARK
    wanted = "wanted a new or an empty directory, since a demonstration never writes among other files"
    try:
        logdir.mkdir(parents=True, exist_ok=True)
        if mark.exists():
            if mark.read_text("utf-8").strip():
                return False
            raise UsageError(f"{logdir} holds half a demonstration; delete it, or give another --logdir")
        if any(logdir.iterdir()):
            raise UsageError(f"{logdir} is not empty; {wanted}")
        mark.write_text("", "utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write to {logdir}: {(error.strerror or str(error)).lower()}; {wanted}"
        ) from None
    return True


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
