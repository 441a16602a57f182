"""Lines and bands of groups, against plain NumPy on the points that were written, and SciPy's Student t."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.support.log import read
from tests.support.log_file import WALL_TIME, LogFile, scalar
from tests.support.server import Client, client

from cupola._codec import smooth
from cupola.columns import decode_columns
from cupola.plugins.scalars import groups
from cupola.plugins.scalars.groups import BANDS, CENTERS, Curve, aggregate, curve
from cupola.plugins.scalars.student_t import t_quantile

Points = list[tuple[int, float]]


def ask(asked: Client, members: dict[str, list[str]], **question: Any) -> dict[str, dict[str, Any]]:
    """The answer's groups by name."""
    listed = [{"name": name, "runs": runs} for name, runs in members.items()]
    answer = asked.post("/api/scalars/groups", {"tag": "loss", "groups": listed, **question})
    assert answer.status_code == 200, answer.text
    return {group["name"]: group for group in decode_columns(answer.content)["groups"]}


def write(directory: Path, points: Points) -> None:
    file = LogFile(directory)
    for index, (step, value) in enumerate(points):
        file.write(scalar("loss", step, value, wall_time=WALL_TIME + index))


def expected(members: list[Points], center: str, band: str) -> list[tuple[float, ...]]:
    """Step, n, center, low and high by the slow way: step for step, member for member."""
    series = [dict(points) for points in members if points]  # the newest of several at a step
    rows: list[tuple[float, ...]] = []
    for step in sorted({step for points in series for step in points}):
        values = []
        for points in series:
            if step in points:
                value = points[step]
            else:
                before = max((other for other in points if other < step), default=None)
                after = min((other for other in points if other > step), default=None)
                if before is None or after is None:
                    continue
                share = (step - before) / (after - before)
                value = points[before] + share * (points[after] - points[before])
            if math.isfinite(value):
                values.append(value)
        n = len(values)
        if n == 0:
            rows.append((step, 0, math.nan, math.nan, math.nan))
            continue
        middle = float(np.mean(values) if center == "mean" else np.median(values))
        if band == "range":
            ends = (float(np.min(values)), float(np.max(values)))
        else:
            spread = float(np.std(values, ddof=1)) if n > 1 else math.nan
            if band != "deviation":
                spread /= math.sqrt(n)
            if band == "interval":
                spread *= float(stats.t.ppf(0.975, n - 1)) if n > 1 else math.nan
            ends = (middle - spread, middle + spread)
        rows.append((step, n, middle, *ends))
    return rows


def random_member(generator: np.random.Generator, kind: int) -> Points:
    """Every step, some steps, a resumed run, one point, or steps in no order."""
    count = int(generator.integers(1, 40))
    steps = np.arange(count) if kind % 3 == 0 else np.cumsum(generator.integers(1, 5, count))
    if kind % 5 == 1:
        steps = np.concatenate([steps, steps[len(steps) // 2 :] + int(generator.integers(0, 2))])
    if kind % 5 == 2:
        steps = steps[:1]
    if kind % 7 == 3:
        steps = generator.permutation(steps)
    values = generator.normal(size=len(steps)).astype(np.float32)
    odd = generator.random(len(steps)) < generator.choice([0, 0.2, 1], p=[0.5, 0.4, 0.1])
    values[odd] = generator.choice([np.nan, np.inf, -np.inf], int(odd.sum()))
    return list(zip((steps - int(generator.integers(0, 9))).tolist(), values.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(25))
def test_lines_bands_and_counts_equal_numpys_on_random_logs(tmp_path: Path, seed: int):
    generator = np.random.default_rng(seed)
    members = {f"r{i}": random_member(generator, int(generator.integers(105))) for i in range(12)}
    for run, points in members.items():
        write(tmp_path / run, points)
    asked = client(read(tmp_path))
    teams = {
        "several": ["r0", "r1", "r2", "r3", "gone"],
        "one": ["r4"],
        "none": [],
        "gone": ["gone"],
        "all": list(members),
    }
    for center in CENTERS:
        for band in BANDS[:-1]:
            found = ask(asked, teams, center=center, band=band)
            for name, runs in teams.items():
                wanted = expected([members[run] for run in runs if run in members], center, band)
                group = found[name]
                assert group["runs"] == [run for run in runs if run in members]
                assert group["complete"] and group["count"] == len(wanted)
                columns = [group[column].tolist() for column in ("x", "n", "center", "low", "high")]
                assert columns[:2] == [[row[i] for row in wanted] for i in range(2)]
                for i in range(2, 5):
                    np.testing.assert_allclose(
                        columns[i], [row[i] for row in wanted], rtol=1e-9, atol=1e-12, err_msg=name
                    )


def test_a_member_counts_where_it_has_a_finite_value_and_nowhere_else(tmp_path: Path):
    write(tmp_path / "a", [(0, 0.0), (2, 2.0), (4, math.nan), (6, 6.0)])
    write(tmp_path / "b", [(1, 5.0), (2, 4.0), (5, 1.0)])
    group = ask(client(read(tmp_path)), {"g": ["a", "b"]}, band="range")["g"]
    assert group["x"].tolist() == [0, 1, 2, 4, 5, 6]
    # At 1 `a` lies between 0 and 2; at 4 it is no number, so nothing lies at 5 either.
    assert group["n"].tolist() == [1, 2, 2, 1, 1, 1]
    assert group["center"].tolist() == [0, 3, 3, 2, 1, 6]
    assert (group["low"].tolist(), group["high"].tolist()) == ([0, 1, 2, 2, 1, 6], [0, 5, 4, 2, 1, 6])


def test_of_a_resumed_run_the_newest_value_counts(tmp_path: Path):
    write(tmp_path / "a", [(0, 1.0), (1, 1.0), (2, 1.0), (3, 1.0), (1, 9.0), (2, 9.0)])
    group = ask(client(read(tmp_path)), {"g": ["a"]})["g"]
    assert (group["x"].tolist(), group["center"].tolist()) == ([0, 1, 2, 3], [1, 9, 9, 1])
    # A single member has no deviation: nothing is known of a spread.
    assert np.isnan(group["low"]).all() and np.isnan(group["high"]).all()


def test_smoothing_comes_after_the_mean_and_over_every_place(tmp_path: Path):
    generator = np.random.default_rng(5)
    values = generator.normal(size=(4, 3000)).astype(np.float32)
    for run, series in enumerate(values):
        write(tmp_path / f"r{run}", list(enumerate(series.tolist())))
    runs = [f"r{run}" for run in range(4)]
    group = ask(client(read(tmp_path)), {"g": runs}, smoothing=0.9, width=100)["g"]
    assert not group["complete"]
    index = group["x"].astype(int)
    mean, deviation = values.mean(axis=0, dtype=float), values.std(axis=0, ddof=1, dtype=float)
    columns = {"center": mean, "low": mean - deviation, "high": mean + deviation}
    for name, column in columns.items():
        np.testing.assert_allclose(group[name], column[index])
        np.testing.assert_allclose(group["smoothed"][name], smooth(column, 0.9)[index])
        # Whatever is left out, the extremes of the line and of both edges of its band stand.
        assert {int(column.argmin()), int(column.argmax())} <= set(index.tolist())
    assert group["minimum"] == pytest.approx(mean.min()) and group["maximum"] == pytest.approx(mean.max())
    assert group["last"]["x"] == 2999 and group["last"]["center"] == pytest.approx(mean[-1])


def test_a_range_of_one_step_tells_what_stands_there(tmp_path: Path):
    for run in ("a", "b"):
        write(tmp_path / run, [(step, float(step % 7)) for step in range(5000)])
    group = ask(client(read(tmp_path)), {"g": ["a", "b"]}, range=[1234, 1234], width=16)["g"]
    assert group["center"][group["x"] == 1234].tolist() == [1234 % 7]


def test_places_on_the_axes_of_time(tmp_path: Path):
    for run, start in (("a", 0), ("b", 100)):
        file = LogFile(tmp_path / run)
        for step in range(3):
            file.write(scalar("loss", step, float(start + step), wall_time=WALL_TIME + start + 10 * step))
    asked = client(read(tmp_path))
    # Both begin with their file, so `b`'s first point is 100 s after its beginning.
    relative = ask(asked, {"g": ["a", "b"]}, x="relative")["g"]
    assert relative["x"].tolist() == [0, 10, 20, 100, 110, 120] and relative["n"].tolist() == [1] * 6
    wall = ask(asked, {"g": ["a", "b"]}, x="wall")["g"]
    assert wall["x"].tolist() == [WALL_TIME + at for at in (0, 10, 20, 100, 110, 120)]


def test_points_without_a_place_are_left_out():
    x = np.array([np.nan, 2.0, 1.0, np.inf, 1.0])
    found = curve(x, np.arange(5.0))
    assert (found.x.tolist(), found.value.tolist()) == ([1, 2], [4, 1])
    assert [len(column) for column in curve(np.empty(0), np.empty(0))] == [0, 0]


def test_blocks_change_nothing(monkeypatch):
    generator = np.random.default_rng(3)
    members = [
        Curve(np.unique(generator.integers(0, 900, 500)).astype(float), generator.normal(size=900))
        for _ in range(5)
    ]
    members = [Curve(member.x, member.value[: len(member.x)]) for member in members]
    whole = aggregate(members, "median", "interval")
    monkeypatch.setattr(groups, "BLOCK_VALUES", 1)
    pieces = aggregate(members, "median", "interval")
    for one, other in zip(whole.columns(), pieces.columns(), strict=True):
        np.testing.assert_equal(one, other)


def test_where_members_share_no_places_some_of_these_are_taken(monkeypatch):
    monkeypatch.setattr(groups, "MAX_VALUES", 1000)
    members = [Curve(np.arange(100.0) + shift / 10, np.full(100, shift)) for shift in range(10)]
    line = aggregate(members, "mean", "none")
    assert len(line.x) * len(members) <= 1100
    assert (line.x[0], line.x[-1]) == (0, 99.9)
    inside = (line.x >= 0.9) & (line.x <= 99)
    assert line.n[inside].tolist() == [10] * int(inside.sum()) and (line.center[inside] == 4.5).all()


@pytest.mark.parametrize("probability", [0.51, 0.9, 0.975, 0.995])
def test_quantiles_are_those_of_scipy(probability: float):
    degrees = [*range(1, 260), 999, 10_000, 10**7]
    found = [t_quantile(probability, each) for each in degrees]
    np.testing.assert_allclose(found, stats.t.ppf(probability, degrees), rtol=1e-9)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"groups": None}, "groups"),
        ({"groups": ["a"]}, "groups"),
        ({"groups": [{"name": "a"}]}, "runs"),
        ({"groups": [{"name": "a", "runs": [1]}]}, "runs"),
        ({"groups": [{"runs": []}]}, "name"),
        ({"groups": [{"name": "", "runs": []}] * 5000}, "4096"),
        ({"center": "mode"}, "median"),
        ({"band": "sigma"}, "deviation"),
        ({"width": 0}, "width"),
        ({"smoothing": 1}, "smoothing"),
        ({"x": "epoch"}, "step"),
    ],
)
def test_wrong_questions_are_told_what_was_wanted(tmp_path: Path, change: dict[str, Any], word: str):
    question = {"tag": "loss", "groups": [{"name": "g", "runs": []}], **change}
    answer = client(read(tmp_path)).post("/api/scalars/groups", question)
    assert answer.status_code == 400 and word in answer.json()["error"]


def test_an_unknown_tag_and_no_groups_at_all(tmp_path: Path):
    write(tmp_path / "a", [(0, 1.0)])
    asked = client(read(tmp_path))
    assert ask(asked, {}) == {}
    group = ask(asked, {"g": ["a"]}, tag="other", smoothing=0.5)["g"]
    assert group["last"] is None and group["minimum"] == "NaN"
    assert len(group["x"]) == len(group["smoothed"]["low"]) == 0
    assert ask(asked, {"g": ["a"]}, band="none")["g"]["low"] is None


@pytest.mark.parametrize("offset", [0.0, -7.0, 2.0**52])
@pytest.mark.parametrize("stride", [1.0, 3.0, 0.5, 1000.0])
def test_the_places_of_a_group_are_numpys_union(offset: float, stride: float):
    """Whether they are whole numbers close together, far apart, or none."""
    rng = np.random.default_rng(5)
    members: list[groups.Doubles] = [
        np.unique(
            rng.choice(400, 100, replace=False) * stride + offset
        )  # from 2**52 half steps fall together
        for _ in range(5)
    ]
    curves = [curve(x, np.arange(len(x), dtype=np.float32)) for x in members]
    line = aggregate(curves, "mean", "none")
    np.testing.assert_array_equal(line.x, np.unique(np.concatenate(members)))
