"""Says which version of each framework the tier ran with: they change often, and break more often."""

from __future__ import annotations

from tests.frameworks.catalog import FRAMEWORKS


def pytest_report_header() -> str:
    return "frameworks: " + ", ".join(f"{one.package} {one.version or 'missing'}" for one in FRAMEWORKS)
