"""The pages "cupola with …": their programs run as they stand, and log what they would log by a peer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.frameworks.catalog import FRAMEWORKS, TRACKERS, Framework
from tests.frameworks.compare import assert_alike
from tests.frameworks.drive import drive
from tests.frameworks.pages import by_peer, code_blocks
from tests.frameworks.received import assert_received_alike

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the trackers' own clients
]


@pytest.mark.parametrize("framework", [*FRAMEWORKS, *TRACKERS], ids=lambda framework: framework.name)
def test_every_code_block_logs_what_a_peer_would(framework: Framework, tmp_path: Path) -> None:
    framework.require()
    blocks = code_blocks(framework.page)
    assert blocks
    for number, block in enumerate(blocks):
        peer = drive(by_peer(block), tmp_path / f"{number}-peer")
        ours = drive(block, tmp_path / f"{number}-cupola")
        assert_alike(framework, peer, ours)
        if framework in TRACKERS:
            assert_received_alike(framework, peer.parent, ours.parent)
