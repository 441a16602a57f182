"""Neighbours that changed between two steps, of one point and of all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import spatial
from tests.support.films import COUNT, FilmRoom, names, training, until

from cupola.columns import decode_columns


@pytest.fixture
def room(tmp_path: Path) -> FilmRoom:
    return FilmRoom(tmp_path)


def nearest(matrix: Any, index: int, k: int, metric: str) -> list[int]:
    """By SciPy."""
    away = spatial.distance.cdist(matrix[[index]], matrix, metric)[0]
    away[index] = np.inf
    return [int(at) for at in np.argsort(away, kind="stable")[:k]]


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_neighbours_gained_lost_and_kept(room: FilmRoom, metric: str) -> None:
    one, two = (matrix.astype(np.float32) for matrix in training(2))
    room.log(0, one, names(COUNT))
    room.log(1, two, names(COUNT))
    room.ask()
    body = {"run": "run", "name": "e:00001", "before_name": "e:00000", "index": 4, "count": 12}
    found = room.client.post("/neighbours/changes", body | {"metric": metric}).json()
    was, now = nearest(one, 4, 12, metric), nearest(two, 4, 12, metric)
    assert found["kept"]["indices"] == [at for at in now if at in was]
    assert found["gained"]["indices"] == [at for at in now if at not in was]
    assert found["lost"]["indices"] == [at for at in was if at not in now]
    for name in ("kept", "gained", "lost"):
        rows = found[name]["indices"]
        for side, matrix in (("before", one), ("after", two)):
            away = spatial.distance.cdist(matrix[[4]], matrix[rows], metric)[0] if rows else []
            np.testing.assert_allclose(found[name][side], away, atol=1e-5)

    shares = room.client.post("/neighbours/kept", body | {"k": 7, "metric": metric, "start": 1})
    final = until(lambda: (told := kept(room, body | {"k": 7, "metric": metric}))["state"] == "done" and told)
    wanted = [len({*nearest(one, at, 7, metric)} & {*nearest(two, at, 7, metric)}) / 7 for at in range(COUNT)]
    np.testing.assert_allclose(final["shares"], wanted, atol=1e-6)
    assert shares.status_code == 200


def kept(room: FilmRoom, body: Any) -> Any:
    return decode_columns(room.client.post("/neighbours/kept", body).content)


def test_changes_of_points_that_came_and_went(room: FilmRoom) -> None:
    one, two = (matrix.astype(np.float32) for matrix in training(2))
    room.log(0, one[:80], names(80))
    room.log(1, two[10:], names(COUNT)[10:])
    room.ask()
    body = {"run": "run", "name": "e:00001", "before_name": "e:00000"}
    found = room.client.post("/neighbours/changes", body | {"index": 3, "count": 79}).json()
    gone = [
        place for at, place in zip(found["lost"]["indices"], found["lost"]["places"], strict=True) if at < 0
    ]
    assert sorted(gone) == list(range(10))
    assert found["gained"]["before"].count(None) == 10
    new = room.client.post("/neighbours/changes", body | {"index": 79}).json()
    assert new == {"matched": "label", "there": False}
    room.client.post("/neighbours/kept", body | {"start": 1, "k": 5})
    told = until(lambda: (told := kept(room, body | {"k": 5}))["state"] == "done" and told)
    np.testing.assert_array_equal(np.isnan(told["shares"]), np.arange(80) >= 70)


def test_what_cannot_be_matched_has_no_changes(room: FilmRoom) -> None:
    room.log(0, training(1)[0], [f"c{at % 3}" for at in range(COUNT)])
    room.log(1, training(1)[0][:50], [f"c{at % 2}" for at in range(50)])
    room.ask()
    body = {"run": "run", "name": "e:00001", "before_name": "e:00000", "index": 0}
    assert room.client.post("/neighbours/changes", body).json() == {"matched": "class", "there": False}
    matching = decode_columns(room.client.post("/matching", body).content)
    assert matching["kind"] == "class"
    assert (matching["places"] == -1).all()
