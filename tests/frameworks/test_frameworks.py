"""Programs of each framework's users log the same with a peer's writer and with cupola's in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.frameworks.alone import environment_without_peers
from tests.frameworks.catalog import FRAMEWORKS, Framework
from tests.frameworks.compare import assert_alike
from tests.frameworks.drive import COMPAT, drive

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module", params=FRAMEWORKS, ids=lambda framework: framework.name)
def framework(request: pytest.FixtureRequest) -> Framework:
    request.param.require()
    return request.param


@pytest.fixture(scope="module")
def by_peer(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the framework's program logs by the writer that it imports."""
    return drive(framework.program, tmp_path_factory.mktemp(framework.name) / "peer")


@pytest.fixture(scope="module")
def without_peers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment_without_peers(tmp_path_factory.mktemp("alone") / "environment")


def test_an_unchanged_program(framework: Framework, by_peer: Path, tmp_path: Path) -> None:
    assert_alike(framework, by_peer, drive(framework.program, tmp_path / "cupola", COMPAT))


def test_an_unchanged_program_where_no_peer_is_installed(
    framework: Framework, by_peer: Path, without_peers: Path, tmp_path: Path
) -> None:
    if framework.needs_peer:
        pytest.skip(framework.needs_peer)
    assert_alike(framework, by_peer, drive(framework.program, tmp_path / "cupola", COMPAT, without_peers))
