from __future__ import annotations

from pathlib import Path

import pytest
from tests.conformance.storages import STORAGES, Storage


@pytest.fixture(params=STORAGES)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each provider's in turn, empty."""
    folder = tmp_path / "logs"
    folder.mkdir()
    return STORAGES[request.param](folder)
