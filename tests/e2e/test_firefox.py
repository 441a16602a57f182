"""The page in Firefox, driven by puppeteer (firefox_smoke.mjs)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .firefox import look_in_firefox
from .logs import write


def test_scalars_in_firefox(tmp_path: Path, cupola: Callable[..., Any]) -> None:
    write(tmp_path, {"train/loss": [(i, 1 - i / 200) for i in range(101)]})
    address = cupola(tmp_path).address
    (seen,) = look_in_firefox((f"{address}#scalars", "[data-card='train/loss'] .note"))
    assert seen["errors"] == []
    assert seen["found"] == "0.5"
    assert seen["title"].endswith(" · Scalars · cupola")
    assert max(seen["painted"]) > 500
