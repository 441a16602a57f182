"""What every DataProvider keeps to, as `cupola.provider` says it."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest
from tests.conformance.storages import Storage, wall_time

from cupola.errors import NotFound, UnknownBlob, UnknownSeries, Unreadable
from cupola.types import DataClass, Divergence, SeriesKey

CONFIG = "projector_config.pbtxt"


def names(infos) -> list[tuple[str, str, str]]:
    return [tuple(info.key) for info in infos]


def text_keys(storage: Storage, run: str = "a", tag: str = "t") -> list[str]:
    return list(storage.provider.blobs(SeriesKey(run, "text", tag)).key)


def test_nothing_is_there_at_first(storage: Storage):
    provider = storage.provider
    assert provider.runs() == [] and provider.series() == [] and provider.series("scalars", tag="x") == []
    assert isinstance(provider.location, str) and provider.loading is False


def test_series_are_filtered_and_stand_in_natural_order(storage: Storage):
    for run in ("r10", "r2", "r2/b"):
        for tag in ("x10", "x2"):
            storage.add_scalar(run, tag, 1, 0.5)
    storage.add_text("r2", "x2", 1, b"text")
    provider = storage.provider
    assert [run.name for run in provider.runs()] == ["r2", "r2/b", "r10"]
    x2 = [("r2", "scalars", "x2"), ("r2/b", "scalars", "x2"), ("r10", "scalars", "x2")]
    x10 = [("r2", "scalars", "x10"), ("r2/b", "scalars", "x10"), ("r10", "scalars", "x10")]
    text = ("r2", "text", "x2")
    assert names(provider.series("scalars")) == x2 + x10
    assert names(provider.series()) == [x2[0], text, *x2[1:], *x10]
    assert names(provider.series("scalars", tag="x2")) == x2
    assert names(provider.series(tag="x2")) == [x2[0], text, *x2[1:]]
    assert names(provider.series("scalars", tag="x2", runs=["r10", "r2", "r2", "none"])) == [x2[0], x2[2]]
    assert names(provider.series(runs={"r2"})) == [x2[0], text, x10[0]]
    assert provider.series("scalars", tag="x2", runs=[]) == provider.series(runs=()) == []
    assert provider.series("none") == provider.series("scalars", tag="none") == []


def test_runs_are_all_or_those_of_some_names(storage: Storage):
    for run in ("r10", "r2", "r2/b"):
        storage.add_scalar(run, "x", 1, 0.5)
    provider = storage.provider
    assert provider.runs(["r10", "none", "r2", "r2"]) == [provider.runs()[0], provider.runs()[2]]
    assert provider.runs({"r2/b"}) == provider.runs(["r2/b"]) == [provider.runs()[1]]
    assert provider.runs([]) == provider.runs(["none"]) == []


def test_what_is_known_of_a_series_without_reading_it(storage: Storage):
    for step in (3, 1, 7):
        storage.add_scalar("a", "x", step, 0.5)
    (info,) = storage.provider.series()
    assert (info.data_class, info.count) == (DataClass.SCALAR, 3)
    assert (info.first_step, info.last_step, info.last_wall_time) == (3, 7, wall_time(7))
    (run,) = storage.provider.runs()
    assert run.name == "a" and run.damage == ()


def test_scalars_come_whole_or_in_a_range_of_steps(storage: Storage):
    key = SeriesKey("a", "scalars", "x")
    for step, value in [(0, 0.5), (5, float("nan")), (3, -float("inf")), (5, 1e30), (9, 0.25)]:
        storage.add_scalar("a", "x", step, value)
    columns = storage.provider.scalars(key)
    assert columns.step.tolist() == [0, 5, 3, 5, 9], "in the order in which they were logged"
    assert columns.wall_time.tolist() == [wall_time(step) for step in (0, 5, 3, 5, 9)]
    wanted = np.array([0.5, np.nan, -np.inf, 1e30, 0.25], np.float32)
    np.testing.assert_array_equal(columns.value.astype(np.float32), wanted)
    part = storage.provider.scalars(key, steps=(3, 5))
    assert part.step.tolist() == [5, 3, 5] and part.value[2] == np.float32(1e30)
    assert storage.provider.scalars(key, steps=(-(2**63), 2**63 - 1)).step.tolist() == [0, 5, 3, 5, 9]
    empty = storage.provider.scalars(key, steps=(6, 4))
    assert [len(column) for column in empty] == [0, 0, 0]
    for column in (*columns, *part, *empty):
        assert not column.flags.writeable
    assert [column.dtype for column in columns[:2]] == [np.int64, np.float64]


def test_what_was_handed_out_stays_as_it_was(storage: Storage):
    storage.add_scalar("a", "x", 1, 0.5)
    storage.add_text("a", "t", 1, b"one")
    columns = storage.provider.scalars(SeriesKey("a", "scalars", "x"))
    blobs = storage.provider.blobs(SeriesKey("a", "text", "t"))
    for step in range(2, 30):
        storage.add_scalar("a", "x", step, 0.5)
        storage.add_text("a", "t", step, b"more")
    assert columns.step.tolist() == blobs.step.tolist() == [1]
    assert len(blobs.key) == 1 and b"one" in storage.provider.read(blobs.key[0])


def test_blobs_are_read_by_opaque_keys(storage: Storage):
    texts = [b"one", b"two", b"two", b""]
    for step, text in enumerate(texts):
        storage.add_text("a", "t", step, text)
    storage.add_text("b", "t", 0, b"one")
    columns = storage.provider.blobs(SeriesKey("a", "text", "t"))
    keys = list(columns.key)
    assert len(keys) == len(columns.key) == len(columns.step) == len(columns.size) == 4
    assert keys == [columns.key[index] for index in range(4)] and columns.key[-1] == keys[3]
    assert list(columns.key[1:3]) == keys[1:3] and list(columns.key[::-1]) == keys[::-1]
    with pytest.raises(IndexError):
        columns.key[4]
    assert len({*keys, *text_keys(storage, "b")}) == 5, "equal bytes of two points have two keys"
    for key, size, text in zip(keys, columns.size.tolist(), texts, strict=True):
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", key)
        data = storage.provider.read(key)
        assert text in data and len(data) == size


def test_keys_are_the_same_in_every_process_and_stay_when_points_are_added(storage: Storage):
    storage.add_text("a", "t", 1, b"one")
    keys = text_keys(storage)
    storage.add_text("a", "t", 2, b"two")
    storage.add_scalar("a", "x", 2, 0.5)
    assert text_keys(storage)[:1] == keys
    another = storage.another()
    assert list(another.blobs(SeriesKey("a", "text", "t")).key) == text_keys(storage)
    assert b"one" in another.read(keys[0])


def test_other_bytes_have_another_key(storage: Storage):
    """Even if they lie in the same place, are as many, and were logged at the same time."""
    storage.add_text("a", "t", 1, b"one")
    storage.add_text("a", "t", 2, b"two")
    kept, old = text_keys(storage)
    storage.replace_text("a", b"two", b"2.0")
    for provider in (storage.provider, storage.another()):
        same, new = provider.blobs(SeriesKey("a", "text", "t")).key
        assert same == kept and new != old
        assert b"2.0" in provider.read(new)
        with pytest.raises(UnknownBlob):
            provider.read(old)


@pytest.mark.parametrize(
    "key", ["", "x", "A" * 32, "_" * 32, "../../etc/passwd", "é" * 32, "A" * 100_000, "\0"]
)
def test_unknown_keys_are_said_to_be_unknown(storage: Storage, key: str):
    storage.add_text("a", "t", 1, b"one")
    with pytest.raises(UnknownBlob) as told:
        storage.provider.read(key)
    assert isinstance(told.value, NotFound) and len(str(told.value)) < 300


def test_a_key_with_another_letter_is_unknown(storage: Storage):
    storage.add_text("a", "t", 1, b"one")
    (key,) = text_keys(storage)
    for place in range(len(key)):
        other = key[:place] + ("A" if key[place] != "A" else "B") + key[place + 1 :]
        with pytest.raises(UnknownBlob):
            storage.provider.read(other)


def test_keys_of_what_is_gone_are_unknown(storage: Storage):
    storage.add_text("a", "t", 1, b"one")
    (key,) = text_keys(storage)
    storage.remove_run("a")
    with pytest.raises((UnknownBlob, Unreadable)):
        storage.provider.read(key)


def test_unknown_series_are_said_to_be_unknown(storage: Storage):
    storage.add_scalar("a", "x", 1, 0.5)
    storage.add_text("a", "t", 1, b"one")
    for key in (SeriesKey("a", "scalars", "t"), SeriesKey("b", "scalars", "x"), SeriesKey("a", "text", "t")):
        with pytest.raises(UnknownSeries):
            storage.provider.scalars(key)
    with pytest.raises(UnknownSeries):
        storage.provider.blobs(SeriesKey("a", "scalars", "x"))


def test_assets_are_series_and_are_read_in_pieces(storage: Storage):
    data = bytes(range(256)) * 40
    storage.write_asset("a", CONFIG, data)
    provider = storage.provider
    (info,) = provider.series()
    assert info.key == SeriesKey("a", "projector", CONFIG) and info.data_class is DataClass.ASSET
    assert [run.name for run in provider.runs()] == ["a"], "a directory that holds only an asset is a run"
    asset = provider.asset("a", CONFIG)
    assert asset.size == len(data) and asset.read() == data
    assert asset.read(300, 10) == data[300:310] and asset.read(len(data) - 3) == data[-3:]
    assert asset.read(len(data) - 3, 10) == data[-3:]
    assert asset.read(len(data) + 5, 10) == asset.read(0, 0) == b""
    assert re.fullmatch(r"[A-Za-z0-9_-]+", asset.version)
    assert provider.asset("a", f"./x/../{CONFIG}").version == asset.version
    assert storage.another().asset("a", CONFIG).version == asset.version


def test_an_asset_that_changes_has_another_version(storage: Storage):
    storage.write_asset("a", CONFIG, b"old")
    before = storage.provider.asset("a", CONFIG)
    storage.write_asset("a", CONFIG, b"new")
    after = storage.provider.asset("a", CONFIG)
    assert after.version != before.version and after.read() == b"new"
    try:
        assert before.read() == b"old"
    except Unreadable as error:
        assert isinstance(error, OSError)


@pytest.mark.parametrize(
    ("run", "path"), [("a", "none"), ("none", CONFIG), ("a", "../b/" + CONFIG), ("a", "")]
)
def test_unknown_assets_are_said_to_be_unknown(storage: Storage, run: str, path: str):
    storage.write_asset("a", CONFIG, b"a")
    storage.write_asset("b", CONFIG, b"b")
    with pytest.raises(UnknownSeries):
        storage.provider.asset(run, path)


def test_assets_are_judged_by_where_they_lead(storage: Storage, tmp_path: Path):
    if not storage.shows_links:
        pytest.skip("its assets are no files of this machine")
    storage.write_asset("a", CONFIG, b"")
    storage.write_asset("a", "deep/tensors.tsv", b"1\t2")
    (tmp_path / "secret").write_bytes(b"secret")
    run = storage.folder / "a"
    (run / "inside").symlink_to(run / "deep" / "tensors.tsv")
    (run / "outside").symlink_to(tmp_path / "secret")
    (run / "up").symlink_to(tmp_path)
    (tmp_path / "alias").symlink_to(run)
    absolute, alias = str(run / "deep" / "tensors.tsv"), str(tmp_path / "alias" / "deep" / "tensors.tsv")
    for path in (
        "deep/tensors.tsv",
        "./deep/../deep/tensors.tsv",
        "deep//tensors.tsv",
        "inside",
        absolute,
        alias,
    ):
        assert storage.provider.asset("a", path).read() == b"1\t2", path
    for path in (
        "outside",
        "up/secret",
        "../../secret",
        str(tmp_path / "secret"),
        "deep",
        "deep/../../../secret",
    ):
        with pytest.raises(UnknownSeries):
            storage.provider.asset("a", path)


def test_changes_since_a_cursor(storage: Storage):
    provider = storage.provider
    storage.add_scalar("a", "x", 1, 0.5)
    everything = provider.changes(0)
    assert everything.structure and everything.series == {SeriesKey("a", "scalars", "x")}
    assert provider.changes(everything.cursor) == type(everything)(everything.cursor, False, frozenset())
    storage.add_scalar("a", "x", 2, 0.5)
    grown = provider.changes(everything.cursor)
    assert grown.cursor > everything.cursor and not grown.structure
    assert grown.series == {SeriesKey("a", "scalars", "x")}
    storage.add_text("a", "t", 1, b"one")
    new = provider.changes(grown.cursor)
    assert new.structure and new.series == {SeriesKey("a", "text", "t")}
    assert provider.changes(everything.cursor).series == {*grown.series, *new.series}
    assert provider.changes(new.cursor + 1).structure, "of another life: everything may have changed"
    storage.write_asset("a", CONFIG, b"old")
    storage.write_asset("a", CONFIG, b"another")
    assert SeriesKey("a", "projector", CONFIG) in provider.changes(new.cursor).series


def test_subscribers_are_woken_until_they_leave(storage: Storage):
    woken: list[int] = []
    leave = storage.provider.subscribe(lambda: woken.append(1))
    cursor = storage.provider.changes(0).cursor
    storage.add_scalar("a", "x", 1, 0.5)
    assert woken and storage.provider.changes(cursor).series
    leave()
    count = len(woken)
    storage.add_scalar("a", "x", 2, 0.5)
    assert len(woken) == count


def test_a_restart_hides_points_and_their_keys(storage: Storage):
    if not storage.knows_restarts:
        pytest.skip("it knows no restarts")
    for step in range(4):
        storage.add_text("a", "t", step, b"old")
    old = text_keys(storage)
    storage.restart("a", 2)
    storage.add_text("a", "t", 2, b"new")
    kept = text_keys(storage)
    assert kept[:2] == old[:2] and b"new" in storage.provider.read(kept[2])
    for key in old[2:]:
        with pytest.raises(UnknownBlob):
            storage.provider.read(key)


@pytest.mark.parametrize(
    "name", ["a b", "ä/ö", "a'\"<b>&", "\u202e", "x" * 200, "__proto__", "%2e%2e", "a\nb"]
)
def test_odd_names(storage: Storage, name: str):
    storage.add_scalar(name, name, 1, 0.5)
    storage.add_text(name, name, 1, b"one")
    provider = storage.provider
    assert [run.name for run in provider.runs()] == [name]
    assert names(provider.series(tag=name)) == [(name, "scalars", name), (name, "text", name)]
    assert len(provider.scalars(SeriesKey(name, "scalars", name)).step) == 1
    (key,) = provider.blobs(SeriesKey(name, "text", name)).key
    assert b"one" in provider.read(key)


def test_it_names_the_places_that_it_reads(storage: Storage):
    storage.add_scalar("run", "x", 1, 1.0)
    sources = storage.provider.sources()
    assert sources and all(source.location in storage.provider.location for source in sources)
    assert [(source.problem, source.reason, source.similar) for source in sources] == [("", "", ())] * len(
        sources
    )


def test_a_run_knows_its_points_and_when_it_grew(storage: Storage):
    before = time.time()
    storage.add_scalar("a", "x", 5, 0.5)
    storage.add_scalar("a", "y", 9, 0.5)
    storage.add_text("a", "t", 7, b"one")
    storage.add_scalar("b", "x", 1, 0.5)
    a, b = storage.provider.runs()
    assert (a.points, a.last_wall_time, b.points, b.last_wall_time) == (3, wall_time(9), 1, wall_time(1))
    assert before - 5 < a.last_growth <= time.time() and before - 5 < b.last_growth <= time.time()
    storage.add_scalar("b", "x", 2, 0.5)
    again = storage.provider.runs(["b"])[0]
    assert again.points == 2 and again.last_growth >= b.last_growth
    storage.write_asset("c", CONFIG, b"")
    (bare,) = storage.provider.runs(["c"])
    assert bare.points == 0 and np.isnan(bare.last_wall_time) and bare.diverged is None


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([1.0, 2.0], None),
        ([1.0, np.nan, 2.0], None),
        ([1.0, np.nan, np.inf, -np.inf], 1),
        ([np.nan], 0),
        ([1.0, np.nan, 2.0, np.inf], 3),
    ],
)
def test_a_run_diverges_where_a_series_ends_without_a_finite_value(
    storage: Storage, values: list[float], step: int | None
):
    for at, value in enumerate(values):
        storage.add_scalar("a", "x", at, value)
        storage.add_scalar("a", "sound", at, 1.0)
        storage.add_text("a", "t", at, b"nan")
    for provider in (storage.provider, storage.another()):
        assert provider.runs()[0].diverged == (None if step is None else Divergence("x", step))


def test_a_diverged_run_says_where_it_began_and_when_it_is_over(storage: Storage):
    for tag, at in (("late", 7), ("early", 3), ("early too", 3)):
        storage.add_scalar("a", tag, at - 1, 0.5)
        storage.add_scalar("a", tag, at, np.nan)
    assert storage.provider.runs()[0].diverged == Divergence("early", 3)
    storage.add_scalar("a", "early", 4, 1.0)
    assert storage.provider.runs()[0].diverged == Divergence("early too", 3)
    if storage.knows_restarts:
        storage.restart("a", 3)
        assert storage.provider.runs()[0].diverged is None
