"""Installs the group `frameworks` of pyproject.toml; if that fails, each of its packages that can be.

`make test-frameworks` fails in the tests of what is then missing, by name, and goes on with the rest.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def pip(*arguments: str) -> bool:
    """Whether pip did it."""
    return subprocess.call([sys.executable, "-m", "pip", *arguments]) == 0


def packages() -> list[str]:
    """The strings of the group, without the groups that it includes."""
    group = re.search(r"^frameworks = \[\n(.*?)^\]", PYPROJECT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert group
    return re.findall(r'^\s*"([^"]+)"', group[1], re.MULTILINE)


def main() -> None:
    """Installs what can be, and says what cannot."""
    install = ("install", "-q", "--upgrade-strategy", "only-if-needed")
    if not pip(*install, "--group", "frameworks"):
        pip(*install, "--group", "runtime", "--group", "parity")
        missing = [package for package in packages() if not pip(*install, package)]
        print("cannot be installed:", ", ".join(missing) or "all of them together", file=sys.stderr)
    # Its usual wheel is built for CUDA and cannot be imported beside a torch for CPUs. Those who can do
    # without it only look whether it is installed.
    if subprocess.call([sys.executable, "-c", "import torchvision"], stderr=subprocess.DEVNULL):
        pip("uninstall", "-q", "-y", "torchvision")


if __name__ == "__main__":
    main()
