"""axe-core on a page: what a person who hears it, sees little or has no mouse would stumble on.

The engine is a dependency of the page's development (web/package.json) and never part of it. Its rules:
https://dequeuniversity.com/rules/axe/
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # the other tests run without it
    from playwright.sync_api import Page

ENGINE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"


def load(page: Page) -> None:
    """Puts the engine into a page, whose context must have been opened with `bypass_csp`."""
    if not ENGINE.exists() and "CUPOLA_TEST_ALL" not in os.environ:
        pytest.skip("axe-core is not installed (cd web && npm ci)")
    page.evaluate(ENGINE.read_text("utf-8"))


def findings(page: Page) -> list[str]:
    """What the page as it stands breaks, of every impact but "minor": rule, element, and what is wrong."""
    violations = page.evaluate("axe.run().then(found => found.violations)")
    return [
        f"{rule['impact']} {rule['id']}: {node['html'][:200]}\n    {node['failureSummary']}"
        for rule in violations
        if rule["impact"] != "minor"
        for node in rule["nodes"]
    ]
