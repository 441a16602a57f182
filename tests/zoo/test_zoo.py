"""`add_graph` leaves no trace in any model of the zoo, and a graph of each is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.zoo import oddities, vision  # noqa: F401  they register their models
from tests.zoo.harness import assert_harmless
from tests.zoo.registry import ZOO, Entry


@pytest.mark.parametrize("entry", ZOO.parameters(quick=True))
def test_a_model_is_as_if_it_was_never_logged(entry: Entry, tmp_path: Path) -> None:
    assert_harmless(entry, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("entry", ZOO.parameters())
def test_a_model_of_the_nightly_zoo_is_as_if_it_was_never_logged(entry: Entry, tmp_path: Path) -> None:
    assert_harmless(entry, tmp_path)


def test_the_zoo_is_large() -> None:
    assert len(ZOO.parameters(quick=True)) >= 25
    assert len(ZOO.entries) >= 100
