"""`add_graph` leaves no trace in the architectures of `transformers`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.zoo.harness import assert_harmless
from tests.zoo.hugging_face import HUGGING_FACE
from tests.zoo.registry import Entry

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("entry", HUGGING_FACE.parameters())
def test_a_model_is_as_if_it_was_never_logged(entry: Entry, tmp_path: Path) -> None:
    assert_harmless(entry, tmp_path)


def test_there_are_40_architectures() -> None:
    assert len(HUGGING_FACE.entries) >= 40
