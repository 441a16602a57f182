"""What this build of cupola is and where its documentation lies. Asked for by who opens the help, and
not before: the package's metadata are a file of their own.
"""

from __future__ import annotations

from typing import Any

from cupola import __version__


def about() -> dict[str, Any]:
    """`{"version", "documentation": address or null}`: a checkout without an origin knows none."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        urls = metadata("cupola").get_all("Project-URL") or []
    except PackageNotFoundError:
        urls = []
    found = dict(url.split(", ", 1) for url in urls if ", " in url)
    return {"version": __version__, "documentation": found.get("Documentation")}
