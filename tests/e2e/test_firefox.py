"""The page in Firefox, driven by puppeteer (web/firefox_smoke.mjs)."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .logs import write

WEB = Path(__file__).parents[2] / "web"


def test_scalars_in_firefox(tmp_path: Path, cupola: Callable[..., Any]) -> None:
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    assert firefox, "no Firefox found; `make browser` installs it"
    write(tmp_path, {"train/loss": [(i, 1 - i / 200) for i in range(101)]})
    address = cupola(tmp_path).address
    command = ["node", "firefox_smoke.mjs", firefox, f"{address}#scalars", "[data-card='train/loss'] .note"]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    (seen,) = json.loads(done.stdout)
    assert seen["errors"] == []
    assert seen["found"] == "0.5"
    assert seen["title"] == "Scalars · cupola"
    assert max(seen["painted"]) > 500
