"""What stands at one place of some cards, against NumPy on the points that were written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.log import read
from tests.support.log_file import LogFile, scalar
from tests.support.server import Client, client

from cupola.columns import decode_columns

Points = tuple[np.ndarray, np.ndarray]
ODD = [np.nan, np.inf, -np.inf, 1e-38, 3e38]


def ask(asked: Client, **question: Any) -> dict[str, Any]:
    answer = asked.post("/api/scalars/readings", question)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = decode_columns(answer.content)
    return document


def random_points(generator: np.random.Generator) -> Points:
    """Steps and values of one run: gaps, a restart, one point, one value, what is no number."""
    count = int(generator.choice([1, 2, 40, 3000]))
    steps = np.cumsum(generator.integers(1, 4, count)) + int(generator.integers(-20, 20))
    kind = generator.integers(4)
    if kind == 0 and count > 2:  # resumed, without a purge
        steps[count // 2 :] -= steps[count // 2] - steps[count // 4]
    values = generator.normal(size=count).astype(np.float32)
    if kind == 1:
        values[:] = 0.25
    if kind == 2:
        where = generator.random(count) < 0.2
        values[where] = generator.choice(ODD, int(where.sum())).astype(np.float32)
    return steps, values


def logged(directory: Path, runs: dict[str, Points], *tags: str) -> None:
    """The points of each run, under each of the tags."""
    for run, (steps, values) in runs.items():
        file = LogFile(directory / run)
        for tag in tags:
            for step, value in zip(steps.tolist(), values.tolist(), strict=True):
                file.write(scalar(tag, step, value))


def smoothed(values: np.ndarray, weight: float, index: int) -> float:
    """TensorBoard's debiased average, written anew."""
    if (values == values[0]).all() or not np.isfinite(values[index]):
        return float(values[index])
    last, count = 0.0, 0
    for value in values[: index + 1].astype(float):
        if np.isfinite(value):
            last, count = last * weight + (1 - weight) * value, count + 1
    return last / (1 - weight**count)


@pytest.mark.parametrize("seed", range(12))
def test_every_row_is_the_point_at_the_step_or_the_last_before(tmp_path: Path, seed: int):
    generator = np.random.default_rng(seed)
    runs = {f"r{number}": random_points(generator) for number in range(5)}
    logged(tmp_path, runs, "x")
    asked = client(read(tmp_path))
    everywhere = np.unique(np.concatenate([steps for steps, _ in runs.values()]))
    weight, pixel = 0.6, 7.0
    for at in generator.uniform(everywhere[0] - 5, everywhere[-1] + 5, 8):
        answer = ask(
            asked, at=float(at), smoothing=weight, cards=[{"tag": "x", "runs": None, "pixel": pixel}]
        )
        away = np.abs(everywhere - at)
        place = everywhere[away == away.min()].max()
        assert answer["at"] == place
        card = answer["cards"][0]
        wanted = {run: points for run, points in runs.items() if (points[0] <= place).any()}
        assert card["runs"] == list(wanted)
        for row, (steps, values) in enumerate(wanted.values()):
            step = steps[steps <= place].max()
            index = int(np.flatnonzero(steps == step)[-1])
            assert card["step"][row] == str(step) and card["x"][row] == step
            np.testing.assert_equal(card["value"][row], float(values[index]))
            np.testing.assert_allclose(card["smoothed"][row], smoothed(values, weight, index), rtol=1e-12)
            inside = values[np.abs(steps - place) <= pixel / 2].astype(float)
            finite = inside[np.isfinite(inside)]
            assert card["points"][row] == len(inside)
            found = [card[name][row] for name in ("mean", "low", "high")]
            if len(finite):
                np.testing.assert_allclose(found, [finite.mean(), finite.min(), finite.max()], rtol=1e-12)
            else:
                assert np.isnan(found).all()


def test_the_first_card_decides_the_step_of_all(tmp_path: Path):
    coarse, fine = (np.arange(0, 21, 10), np.arange(1.0, 4.0)), (np.arange(21), np.arange(21.0))
    logged(tmp_path, {"coarse": coarse, "fine": fine}, "x", "y")
    cards = [{"tag": "x", "runs": ["coarse"]}, {"tag": "y", "runs": ["fine"]}]
    answer = ask(client(read(tmp_path)), at=13.2, cards=cards)
    assert answer["at"] == 10
    assert [card["value"].tolist() for card in answer["cards"]] == [[2.0], [10.0]]
    assert [card["smoothed"] for card in answer["cards"]] == [None, None]


def test_steps_beyond_what_a_double_holds_are_told_exactly(tmp_path: Path):
    steps = 2**60 + np.arange(0, 4096, 512, dtype=np.int64) + 1
    logged(tmp_path, {"a": (steps, np.arange(8.0))}, "x")
    answer = ask(client(read(tmp_path)), at=float(2**60 + 1024), cards=[{"tag": "x", "runs": ["a"]}])
    assert answer["cards"][0]["step"] == [str(2**60 + 1025)]


def test_a_group_is_read_where_its_members_are(tmp_path: Path):
    generator = np.random.default_rng(5)
    steps = np.arange(50)
    runs = {f"g{number}": (steps, generator.normal(size=50).astype(np.float32)) for number in range(4)}
    logged(tmp_path, runs, "x")
    groups = [{"name": "all", "runs": list(runs)}, {"name": "none", "runs": ["missing"]}]
    asked = client(read(tmp_path))
    card = ask(asked, at=20.3, cards=[{"tag": "x", "runs": [], "groups": groups}])["cards"][0]
    assert card["runs"] == [] and [group["name"] for group in card["groups"]] == ["all"]
    values = np.array([values[20] for _, values in runs.values()], float)
    group = card["groups"][0]
    assert (group["x"], group["n"]) == (20, 4)
    deviation = values.std(ddof=1)
    found = [group[name] for name in ("raw", "center", "low", "high")]
    wanted = [values.mean(), values.mean(), values.mean() - deviation, values.mean() + deviation]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"at": 1.0}, "cards"),
        ({"cards": []}, "at"),
        ({"at": 1.0, "cards": [1]}, "holds a int"),
        ({"at": 1.0, "cards": [{}] * 257}, "ask for the rest apart"),
        ({"at": 1.0, "cards": [{"tag": "x", "pixel": -1}]}, "pixel"),
        ({"at": 1.0, "smoothing": 1, "cards": []}, "smoothing"),
    ],
)
def test_a_wrong_question_is_explained(tmp_path: Path, question: dict[str, Any], said: str):
    logged(tmp_path, {"a": (np.array([0]), np.array([1.0]))}, "x")
    answer = client(read(tmp_path)).post("/api/scalars/readings", question)
    assert answer.status_code == 400 and said in answer.json()["error"]


def test_a_tag_that_no_run_has_has_no_rows(tmp_path: Path):
    logged(tmp_path, {"a": (np.array([0]), np.array([1.0]))}, "x")
    answer = ask(client(read(tmp_path)), at=4.0, cards=[{"tag": "y", "runs": None}])
    assert answer["at"] == 4.0 and answer["cards"][0]["runs"] == []
