"""`make bench`: every measure with its peer, into benchmarks/results.json.

`python -m benchmarks [scan write ...]` runs only those, in any state of the checkout; rows of the others stay
as they were measured last. Without names it wants a clean commit and begins anew: all rows are of one state.
Each `bench_<name>.py` has `run()`, which returns rows {name, cupola, peer, ratio, unit, goal, reached}:
`ratio` is how many times less cupola needs, or how many times more it does.
"""

from __future__ import annotations

import datetime
import importlib
import json
import os
import platform
import subprocess
import sys
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PEERS = ("numpy", "torch", "tensorboard", "tensorboard-data-server", "tensorboardX")


def names() -> list[str]:
    """All benchmarks, by file."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def git(*arguments: str) -> str:
    """What git says of this checkout."""
    command = ["git", "-C", str(HERE.parent), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def changed() -> list[str]:
    """Files that are not as the commit has them, but for what a measurement itself writes."""
    written = {"benchmarks/results.json", "README.md", "README.zh-CN.md"}
    lines = git("status", "--porcelain", "--untracked-files=no").splitlines()
    return [path for line in lines if (path := line.strip().split(maxsplit=1)[1]) not in written]


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": model or platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Of cupola (its commit), Python and the peers."""
    found = {
        "cupola": git("rev-parse", "--short", "HEAD") + ("-dirty" if changed() else ""),
        "python": platform.python_version(),
    }
    for package in PEERS:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def show(row: dict[str, Any]) -> str:
    """A row as a line."""
    ours, peer, ratio = (
        "" if row[key] is None else f"{row[key]:,.4g}" for key in ("cupola", "peer", "ratio")
    )
    mark = "" if not row["goal"] else "reached" if row["reached"] else "MISSED"
    return f"  {row['name']:64} {ours:>10} {peer:>10} {row['unit']:14} {ratio:>8}  {row['goal']:24} {mark}"


def main(wanted: list[str]) -> int:
    """Runs the named benchmarks, or all, and returns the exit status: 1 if one of them failed to run."""
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    if not wanted and changed():
        print(
            f"{', '.join(changed())} are not as committed, and figures stand beside a commit: commit or "
            "stash first (`python -m benchmarks NAME` measures one kind in any state, for yourself)",
            file=sys.stderr,
        )
        return 2
    results = json.loads(RESULTS.read_text()) if wanted and RESULTS.exists() else {"benchmarks": {}}
    failed = False
    for name in wanted or names():
        print(f"{name}:", flush=True)
        try:
            rows = importlib.import_module(f"benchmarks.bench_{name}").run()
        except Exception:
            traceback.print_exc()
            failed = True
            continue
        for row in rows:
            print(show(row), flush=True)
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        results["benchmarks"][name] = {
            "date": now,
            "machine": machine(),
            "versions": versions(),
            "rows": rows,
        }
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
