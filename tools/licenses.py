"""Writes THIRD_PARTY_LICENSES: what is bundled into the page and compiled into the codec.

`python tools/licenses.py FILE`, from the wheel's build. The page's part is written by its own build;
nanobind's licence comes with its package, and tsl::robin_map's stands at the head of its header. Standard
library only.
"""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "src" / "cupola" / "_web" / "THIRD_PARTY_LICENSES"
RULE = f"\n\n{'-' * 80}\n\n"


def of_package(name: str) -> str:
    """The licence that an installed package carries.

    Raises:
        SystemExit: it carries none.
    """
    package = importlib.metadata.distribution(name)
    for file in package.files or ():
        if file.name.upper().startswith(("LICENSE", "LICENCE")):
            return f"{name} {package.version}\n\n{file.read_text().strip()}"
    raise SystemExit(f"the package {name} holds no file LICENSE; wanted one for THIRD_PARTY_LICENSES")


def of_header(name: str, path: Path) -> str:
    """The licence at the head of a C++ header.

    Raises:
        SystemExit: the header does not begin with one.
    """
    text = path.read_text("utf-8")
    if not text.startswith("/**") or "License" not in text.partition("*/")[0]:
        raise SystemExit(f"{path.name} does not begin with its licence; wanted it for THIRD_PARTY_LICENSES")
    lines = text.partition("*/")[0].removeprefix("/**").splitlines()
    body = "\n".join(line.strip().removeprefix("*").strip() for line in lines).strip()
    return f"{name} ({body.splitlines()[0]})\n\n{body}"


def main() -> None:
    """Writes to the file that is named."""
    nanobind = Path(str(importlib.metadata.distribution("nanobind").locate_file("nanobind")))
    robin_map = nanobind / "ext" / "robin_map" / "include" / "tsl" / "robin_map.h"
    codec = [of_package("nanobind"), of_header("tsl::robin_map", robin_map)]
    text = (
        PAGE.read_text("utf-8").rstrip()
        + RULE
        + "The native codec is compiled with these.\n\n"
        + RULE.join(codec)
    )
    Path(sys.argv[1]).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
