"""What a checkout needs of the machine, named before the first long step: `python3 tools/requirements.py`.

Standard library only, and no syntax that Python 3.7 would stumble over before it can say that it is too old.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

MIN_PYTHON = (3, 10)
RELEASE = "Or install a release, which holds the page and the native codec ready-made."


def missing_python() -> str:
    """What this interpreter lacks; empty if nothing."""
    if sys.version_info[:2] < MIN_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        return f"cupola needs Python >= 3.10 (found {found}): make PYTHON=python3.12 takes another one"
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "make needs Python's venv (Debian leaves it out: apt-get install python3-venv)"
    return ""


def missing_compiler() -> str:
    """Which compiler is wanted; empty if there is one."""
    names = [os.environ.get("CXX", ""), "c++", "g++", "clang++"] + (["cl"] if os.name == "nt" else [])
    compiler = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    advice = "install g++ >= 11, clang >= 14 or MSVC 2022 (Debian: apt-get install g++)"
    if compiler is None:
        return "the native codec needs a C++20 compiler (found none): " + advice
    if Path(compiler).stem.lower() == "cl":
        return ""
    trial = [compiler, "-std=c++20", "-fsyntax-only", "-x", "c++", "-"]
    result = subprocess.run(trial, input=b"#include <span>\n", stderr=subprocess.PIPE)
    if result.returncode == 0:
        return ""
    return f"the native codec needs a C++20 compiler ({compiler} is none): {advice}"


def main() -> None:
    """Prints everything that is missing at once, and exits with 1 if anything is."""
    problems = [missing_python(), missing_compiler()]
    if not problems[0]:
        from page import missing_node  # type: ignore[import-not-found]  # the script beside this one

        problems.append(missing_node())
    found = [problem for problem in problems if problem]
    if found:
        raise SystemExit("\n".join([*found, RELEASE]))


if __name__ == "__main__":
    main()
