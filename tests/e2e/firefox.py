"""Pages in Firefox, by way of firefox_smoke.mjs: Playwright cannot drive a distribution's own."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any


def look_in_firefox(*visits: tuple[str, str], timeout_s: float = 90) -> list[dict[str, Any]]:
    """Opens addresses and waits for a selector in each.

    Returns:
        For each: `title`, `found` (the element's text; None if it did not come), `painted` (pixels of each
        canvas), `errors`.
    """
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    assert firefox, "no Firefox found; `make browser` installs it"
    script = Path(__file__).with_name("firefox_smoke.mjs")
    command = ["node", str(script), firefox, *(part for visit in visits for part in visit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s)
    assert done.returncode == 0, done.stderr
    seen: list[dict[str, Any]] = json.loads(done.stdout)
    return seen
