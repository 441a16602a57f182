"""Pages in Firefox, by way of firefox_smoke.mjs: Playwright cannot drive a distribution's own."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any


def look_in_firefox(
    *visits: tuple[str, str] | tuple[str, str, str],
    timeout_s: float = 90,
    preferences: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Opens addresses and waits for a selector in each.

    Args:
        visits: (address, selector), or (address, selector of a link to click there, selector).
        timeout_s: for all of them.
        preferences: of the profile, beside Firefox's own.

    Returns:
        For each: `title`, `address` (where it ended), `found` (the element's text; None if it did not come),
        `painted` (pixels of each canvas), `errors`.
    """
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    assert firefox, "no Firefox found; `make browser` installs it"
    script = Path(__file__).with_name("firefox_smoke.mjs")
    tour = {
        "preferences": preferences or {},
        "visits": [
            {"address": v[0], "click": v[1] if len(v) == 3 else None, "selector": v[-1]} for v in visits
        ],
    }
    command = ["node", str(script), firefox, json.dumps(tour)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s)
    assert done.returncode == 0, done.stderr
    seen: list[dict[str, Any]] = json.loads(done.stdout)
    return seen
