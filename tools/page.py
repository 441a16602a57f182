"""Builds the page into src/cupola/_web, unless what lies there was made of these very sources.

`make page`, `pip install .` and `pip install -e .` all come here. Contents are compared, not times: a
checkout that was updated, switched or unpacked gives files any time at all. Standard library only, since it
runs in pip's build environment.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
PAGE = ROOT / "src" / "cupola" / "_web"
DIGEST = PAGE / "sources.sha256"
MIN_NODE = (20, 19)
OR_A_RELEASE = "or install a release, which holds it ready-made"


def sources() -> list[Path]:
    """Every file that the page is made of, in the order of their names."""
    return sorted(
        path
        for path in WEB.rglob("*")
        if path.is_file()
        and "node_modules" not in path.parts
        and "coverage" not in path.parts
        and not path.name.endswith(".test.ts")
    )


def digest() -> str:
    """Of the names and contents of `sources`."""
    total = hashlib.sha256()
    for path in sources():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(WEB).as_posix()} {content}\n".encode())
    return total.hexdigest()


def is_current() -> bool:
    """Whether the page that lies there was made of these sources."""
    return (PAGE / "index.html").is_file() and DIGEST.is_file() and DIGEST.read_text().strip() == digest()


def missing_node() -> str:
    """What stands in the way of a build, and what to do; empty if nothing does."""
    wanted = f"the page needs Node ≥ {'.'.join(map(str, MIN_NODE))} with npm"
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return f"{wanted} (found no {'node' if node is None else 'npm'}): install it, {OR_A_RELEASE}"
    seen = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    version = re.match(r"v(\d+)\.(\d+)", seen)
    if version is None or tuple(map(int, version.groups())) < MIN_NODE:
        return f"{wanted} (found {seen or 'one that does not run'}): install a newer one, {OR_A_RELEASE}"
    return ""


def _missing_packages(npm: str) -> list[list[str]]:
    """The command that installs what the build needs; none if all of it is there as the lock file says."""
    installed = subprocess.run([npm, "ls", "--omit=dev"], cwd=WEB, capture_output=True).returncode == 0
    if installed:
        return []
    for_tests_too = (WEB / "node_modules" / "vitest").is_dir()
    return [[npm, "ci", *([] if for_tests_too else ["--omit=dev"]), "--no-audit", "--no-fund"]]


def build() -> None:
    """Installs what is missing of the page's dependencies, and builds.

    Raises:
        SystemExit: Node is missing, or a step fails; npm has said why.
    """
    if problem := missing_node():
        raise SystemExit(problem)
    npm = shutil.which("npm") or "npm"
    for command in [*_missing_packages(npm), [npm, "run", "build"]]:
        if subprocess.run(command, cwd=WEB).returncode:
            raise SystemExit(f"{' '.join(command[1:])} failed in {WEB.name}/ (see above)")
    DIGEST.write_text(digest() + "\n")


def main() -> None:
    """`--check` only says whether the page is current, by the exit status."""
    if "--check" in sys.argv[1:]:
        raise SystemExit(0 if is_current() else 1)
    if is_current():
        return
    if not WEB.is_dir():
        raise SystemExit(f"there are no sources of the page in {ROOT}: get a whole checkout, {OR_A_RELEASE}")
    build()


if __name__ == "__main__":
    main()
