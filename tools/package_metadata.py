"""What a package index shows: the project's addresses, and the README with links that work there.

scikit-build-core calls it while it builds. Where the project lives is not written down twice: it is the
origin of the checkout, or what the CI service says. A build that knows neither leaves addresses and links as
they are.

Source: https://scikit-build-core.readthedocs.io/en/latest/configuration/dynamic.html
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def repository() -> str:
    """Address of the repository, without a slash at the end; empty if nobody knows it."""
    server, name = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    if server and name:
        return f"{server}/{name}"
    git = ["git", "-C", str(ROOT), "remote", "get-url", "origin"]
    try:
        origin = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
    hosts = r"github\.com|gitlab\.com|codeberg\.org"
    found = re.fullmatch(rf"(?:https://|git@|ssh://git@)({hosts})[:/](.+?)(?:\.git)?/?", origin)
    return f"https://{found[1]}/{found[2]}" if found else ""


def urls(address: str) -> dict[str, str]:
    """What stands beside the package's name."""
    if not address:
        return {}
    main = f"{address}/blob/main"
    return {
        "Source": address,
        "Documentation": f"{main}/docs/README.md",
        "Issues": f"{address}/issues",
        "Changelog": f"{main}/CHANGELOG.md",
    }


def absolute_links(text: str, address: str) -> str:
    """Markdown whose relative links and pictures are addresses in the repository."""
    if not address:
        return text

    def link(match: re.Match[str]) -> str:
        picture, label, target = match.groups()
        if re.match(r"[a-z]+:|#", target):
            return match[0]
        return f"{picture}[{label}]({address}/{'raw' if picture else 'blob'}/main/{target})"

    return re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", link, text)


def dynamic_metadata(settings: Mapping[str, Any], project: Mapping[str, Any]) -> dict[str, Any]:
    """The fields `readme` and `urls` of `[project]`.

    Args:
        settings: of the entry in pyproject.toml; there are none.
        project: what is known of the project already.
    """
    del settings, project
    address = repository()
    text = absolute_links((ROOT / "README.md").read_text("utf-8"), address)
    return {"readme": {"content-type": "text/markdown", "text": text}, "urls": urls(address)}
