"""Routes of points: where they are, what is said of them by key, and how much one answer holds."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from tests.support.memory_provider import MemoryProvider
from tests.support.room_client import RoomClient

from cupola.columns import decode_columns
from cupola.errors import DecodeError
from cupola.http import series
from cupola.http.routing import get
from cupola.http.series import points_route, sample_endpoint, start_times, steps_route, x_values
from cupola.types import SeriesKey

NOTES = SeriesKey("train", "text", "notes")


def describe(value: bytes) -> dict[str, Any]:
    if value == b"broken":
        raise DecodeError("byte 3 is odd")
    return {"words": value.decode()}


def web(provider: MemoryProvider) -> RoomClient:
    def routes(_: object) -> list[Any]:
        sample = sample_endpoint(provider, "note", lambda value: value.split(b"|"))
        return [steps_route(provider, "text"), points_route(provider, describe), get("/note", sample)]

    room = ModuleType("room")
    vars(room)["routes"] = routes
    return RoomClient(room, provider)


def provider_of(*values: bytes) -> MemoryProvider:
    provider = MemoryProvider()
    for index, value in enumerate(values):
        provider.add(NOTES, index * 10, 100.0 + index, value)
    return provider


def test_steps_name_each_point_by_its_key():
    provider = provider_of(b"a", b"b")
    provider.add(NOTES._replace(run="other"), 7, 1.5, b"c")
    answer = decode_columns(web(provider).post("/steps", {"tag": "notes", "runs": None}).content)
    assert answer["tag"] == "notes" and [s["run"] for s in answer["series"]] == ["other", "train"]
    train = answer["series"][1]
    assert train["step"].tolist() == [0, 10] and train["wall_time"].tolist() == [100, 101]
    assert train["key"] == list(provider.blobs(NOTES).key)
    one = decode_columns(web(provider).post("/steps", {"tag": "notes", "runs": ["other"]}).content)
    assert [s["run"] for s in one["series"]] == ["other"]


def test_a_run_that_goes_away_meanwhile_takes_no_other_along(monkeypatch):
    provider = provider_of(b"a")
    gone = NOTES._replace(run="gone")
    provider.add(gone, 7, 1.5, b"c")
    listed = provider.series("text", tag="notes")
    del provider.points[gone]
    monkeypatch.setattr(provider, "series", lambda *_, **__: listed)
    answer = decode_columns(web(provider).post("/steps", {"tag": "notes", "runs": None}).content)
    assert [s["run"] for s in answer["series"]] == ["train"]


def test_points_stand_in_the_order_of_the_keys_and_a_bad_one_stands_alone():
    provider = provider_of(b"a", b"broken", b"c")
    first, broken, third = provider.blobs(NOTES).key
    answer = web(provider).post("/points", {"keys": [third, "gone", broken, first]}).json()
    assert answer["next"] is None
    assert [point["key"] for point in answer["points"]] == [third, "gone", broken, first]
    assert [point.get("words") for point in answer["points"]] == ["c", None, None, "a"]
    assert "no value has the key" in answer["points"][1]["damaged"]
    assert answer["points"][2]["damaged"] == "byte 3 is odd"
    assert web(provider).post("/points", {"keys": []}).json() == {"points": [], "next": None}
    wrong: list[Any] = [None, "a", [1], [None], {}]
    for keys in wrong:
        assert web(provider).post("/points", {"keys": keys}).status_code == 400


@pytest.mark.parametrize(
    ("bound", "value"), [("MAX_READ_BYTES", 250), ("MAX_ANSWER_BYTES", 250), ("MAX_POINTS", 3)]
)
def test_an_answer_ends_where_it_is_long_and_goes_on_from_next(monkeypatch, bound: str, value: int):
    monkeypatch.setattr(series, bound, value)
    provider = provider_of(*(bytes([97 + i]) * 100 for i in range(7)))
    keys, seen, parts = list(provider.blobs(NOTES).key), [], 0
    while keys:
        answer = web(provider).post("/points", {"keys": keys}).json()
        seen += [point["words"][0] for point in answer["points"]]
        parts += 1
        assert 1 <= len(answer["points"]) <= 3
        keys = keys[answer["next"] :] if answer["next"] is not None else []
    assert "".join(seen) == "abcdefg" and parts >= 3


def test_one_point_is_answered_however_long_it_is(monkeypatch):
    monkeypatch.setattr(series, "MAX_READ_BYTES", 1)
    provider = provider_of(b"a" * 1000, b"b")
    answer = web(provider).post("/points", {"keys": list(provider.blobs(NOTES).key)}).json()
    assert len(answer["points"]) == 1 and answer["next"] == 1


def test_a_sample_is_cached_for_good_under_its_key():
    provider = provider_of(b"one|two")
    (key,) = provider.blobs(NOTES).key
    answer = web(provider).get("/note", {"key": key, "sample": 1})
    assert answer.content == b"two" and "immutable" in answer.headers["cache-control"]
    assert web(provider).get("/note", {"key": key}).content == b"one"
    assert web(provider).get("/note", {"key": key, "sample": 2}).status_code == 404
    assert web(provider).get("/note", {"key": "gone"}).status_code == 404
    assert web(provider).get("/note", {}).status_code == 400


def test_relative_time_counts_from_the_beginning_of_the_run():
    provider = provider_of(b"a")
    provider.add(SeriesKey("train", "text", "later"), 0, 160.0, b"x")
    provider.add(SeriesKey("odd", "text", "later"), 0, float("nan"), b"x")
    starts = start_times(provider, ["train", "odd", "gone"])
    assert starts == {"train": 100.0} and start_times(provider, []) == {}
    later = provider.blobs(SeriesKey("train", "text", "later"))
    assert x_values(later, "relative", starts["train"]).tolist() == [60]
    assert x_values(later, "relative", None).tolist() == [160]
    assert x_values(later, "step", None).dtype == np.float64
