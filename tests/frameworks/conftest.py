"""Says which version of each framework the tier ran with: they change often, and break more often."""

from __future__ import annotations

from tests.frameworks.catalog import FRAMEWORKS, TRACKERS


def pytest_report_header() -> str:
    versions = (f"{one.package} {one.version or 'missing'}" for one in (*FRAMEWORKS, *TRACKERS))
    return "frameworks: " + ", ".join(versions)
