"""The cache of computed values: what goes first, who computes, what a failure leaves."""

from __future__ import annotations

import threading

import pytest

from cupola.cache import LruCache


def cache(limit: int) -> LruCache[str, bytes]:
    return LruCache(limit, len)


def test_the_least_recently_used_goes_first():
    made: list[str] = []

    def get(key: str, size: int = 10) -> None:
        assert kept.get(key, lambda: made.append(key) or b"x" * size) == b"x" * size

    kept = cache(30)
    for key in "abcab":
        get(key)
    get("d")  # and c goes
    for key in "abd":
        get(key)
    assert made == list("abcd")
    get("c")
    assert made == list("abcdc")


def test_the_newest_is_kept_however_large():
    kept = cache(5)
    kept.get("a", lambda: b"x")
    kept.get("big", lambda: b"x" * 100)
    assert kept.get("big", lambda: b"no") == b"x" * 100
    assert kept.get("a", lambda: b"anew") == b"anew"
    assert kept.get("big", lambda: b"anew") == b"anew"


def test_a_value_is_made_once_for_all_who_wait():
    kept, made, begun, go_on = cache(100), [], threading.Event(), threading.Event()

    def make() -> bytes:
        made.append(1)
        begun.set()
        assert go_on.wait(10)
        return b"value"

    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(kept.get("a", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    assert kept.get("b", lambda: b"other") == b"other", "another key does not wait"
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert found == [b"value"] * 8 and made == [1]


def test_what_fails_is_not_kept():
    kept = cache(100)
    with pytest.raises(OSError):
        kept.get("a", lambda: (_ for _ in ()).throw(OSError("gone")))
    assert kept.get("a", lambda: b"back") == b"back"
