"""The native writer under ThreadSanitizer, for a moment; `make sanitize` takes longer, and has more."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def has_thread_sanitizer() -> bool:
    compiler = os.environ.get("CXX", "g++")
    if not shutil.which(compiler) or not shutil.which("make"):
        return False
    found = subprocess.run([compiler, "-print-file-name=libtsan.so"], capture_output=True, text=True)
    return Path(found.stdout.strip()).is_absolute()


@pytest.mark.skipif(not has_thread_sanitizer(), reason="the compiler has no ThreadSanitizer")
def test_threads_forks_signals_and_failing_storage() -> None:
    done = subprocess.run(
        ["make", "-C", str(ROOT), "stress", "STRESS_S=3", "SANITIZERS=thread"],
        capture_output=True,
        text=True,
        timeout=600,
        env={name: value for name, value in os.environ.items() if name != "LD_PRELOAD"},  # another sanitizer
    )
    assert done.returncode == 0 and "no finding" in done.stdout, done.stdout[-5000:] + done.stderr[-10_000:]
