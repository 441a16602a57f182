from __future__ import annotations

import random

from cupola.names import natural_key, shorten


def test_digits_count_and_slashes_come_first():
    wanted = ["", "a", "a/b", "a/b2", "a/b10", "a1", "a01", "a2", "a10", "a10b", "ab", "b"]
    shuffled = random.Random(5).sample(wanted, len(wanted))
    assert sorted(shuffled, key=natural_key)[:5] == wanted[:5]
    assert [n for n in sorted(shuffled, key=natural_key) if n not in ("a1", "a01")] == [
        n for n in wanted if n not in ("a1", "a01")
    ]


def test_decimals_are_numbers_and_versions_are_not():
    wanted = ["lr0.0003", "lr0.003", "lr0.01", "lr0.1", "lr1", "lr1.5", "lr10"]
    assert sorted(reversed(wanted), key=natural_key) == wanted
    versions = ["v1.9.2", "v1.10.1", "v1.10.12", "v2.0.0"]
    assert sorted(reversed(versions), key=natural_key) == versions


def test_a_number_longer_than_python_may_parse_is_a_name_like_others():
    assert sorted(["9" * 9999, "1" + "0" * 9999, "2"], key=natural_key) == ["2", "9" * 9999, "1" + "0" * 9999]


def test_names_in_messages_are_short():
    assert shorten("loss") == "'loss'"
    assert len(shorten("x" * 1_000_000)) < 100
