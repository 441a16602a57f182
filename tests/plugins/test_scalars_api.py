"""The scalars room from event files to answers, against TensorBoard's own reading."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tests.support.log import read
from tests.support.log_file import WALL_TIME, LogFile, scalar
from tests.support.memory_provider import MemoryProvider
from tests.support.server import Client, client
from torch.utils.tensorboard import SummaryWriter

from cupola._codec import smooth
from cupola.columns import decode_columns
from cupola.types import RunInfo, ScalarColumns, SeriesKey

WIDTH = 800


def drawn(asked: Client, **question: Any) -> dict[str, dict[str, Any]]:
    """The answer's series by run."""
    answer = asked.post("/api/scalars/data", {"tag": "loss", "width": WIDTH, **question})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-cupola-columns"
    document = decode_columns(answer.content)
    assert document["tag"] == question.get("tag", "loss")
    return {series["run"]: series for series in document["series"]}


@pytest.fixture(scope="module")
def torch_log(tmp_path_factory) -> Path:
    """Two runs by torch's own writer, one in TensorBoard's tensor form."""
    logdir = tmp_path_factory.mktemp("torch")
    generator = np.random.default_rng(3)
    for run, new_style in (("old", False), ("new", True)):
        with SummaryWriter(str(logdir / run)) as writer:
            for step in range(500):
                writer.add_scalar("loss", generator.normal(), step, new_style=new_style)
    return logdir


@pytest.mark.parametrize("run", ["old", "new"])
def test_every_point_is_what_tensorboard_reads(torch_log: Path, run: str):
    accumulator = EventAccumulator(str(torch_log / run), {"scalars": 0, "tensors": 0})
    accumulator.Reload()
    if run == "old":
        wanted = [(event.wall_time, event.step, event.value) for event in accumulator.Scalars("loss")]
    else:
        tensors = accumulator.Tensors("loss")
        wanted = [(event.wall_time, event.step, event.tensor_proto.float_val[0]) for event in tensors]
    asked = client(read(torch_log))
    series = drawn(asked, runs=[run])[run]
    points = zip(series["wall_time"].tolist(), series["step"].tolist(), series["value"].tolist(), strict=True)
    assert list(points) == wanted and len(wanted) == 500
    assert series["complete"] is True and series["smoothed"] is None
    assert series["x"].tolist() == [step for _, step, _ in wanted]
    assert (series["count"], series["first_step"], series["last_step"]) == (500, 0, 499)
    assert series["last_value"] == wanted[-1][2]
    values = [value for _, _, value in wanted]
    assert (series["minimum"], series["maximum"]) == (min(values), max(values))
    whole = asked.get("/api/scalars/series", params={"run": run, "tag": "loss"}).json()
    assert [tuple(row) for row in whole] == wanted
    table = asked.get("/api/scalars/series", params={"run": run, "tag": "loss", "format": "csv"})
    rows = list(csv.reader(io.StringIO(table.text)))
    assert rows[0] == ["wall_time", "step", "value"]
    assert [(float(w), int(s), float(v)) for w, s, v in rows[1:]] == wanted


class Long(MemoryProvider):
    """A provider of one long series."""

    def __init__(self, value: np.ndarray) -> None:
        super().__init__()
        count = len(value)
        self.columns = ScalarColumns(np.arange(count), WALL_TIME + np.arange(count) / 10, value)

    def scalars(self, key: SeriesKey, steps: tuple[int, int] | None = None) -> ScalarColumns:
        return self.columns

    def runs(self, names: Collection[str] | None = None) -> list[RunInfo]:
        return []


def test_a_million_points_are_a_small_answer_with_every_spike(monkeypatch):
    generator = np.random.default_rng(1)
    value = np.cumsum(generator.normal(size=1_000_000)).astype(np.float32)
    spikes = np.sort(generator.choice(1_000_000, 20, replace=False))
    value[spikes] = 1e6 + np.arange(20)
    asked = client(Long(value))
    question = {"tag": "loss", "runs": ["r"], "width": WIDTH, "smoothing": 0.6}
    answer = asked.post("/api/scalars/data", question)
    assert len(answer.content) <= 50_000
    (series,) = decode_columns(answer.content)["series"]
    assert set(spikes) <= set(series["step"].tolist())
    assert series["complete"] is False and series["count"] == 1_000_000
    step = series["step"]
    assert (np.diff(step) > 0).all() and step[0] == 0 and step[-1] == 999_999
    assert (series["value"] == value[step]).all() and (series["x"] == step).all()
    # Each pixel's extremes are there, so a line through the drawn points covers what all points would.
    for pixel in np.array_split(np.arange(1_000_000), WIDTH)[1:-1]:
        part = value[pixel[1500 // WIDTH : -2]]
        near = value[step[(step >= pixel[0] - 2500) & (step <= pixel[-1] + 2500)]]
        assert near.max() >= part.max() and near.min() <= part.min()


def test_zooming_asks_again_and_is_exact():
    value = np.sin(np.arange(100_000) / 50).astype(np.float32)
    asked = client(Long(value))
    series = drawn(asked, runs=["r"], range=[50_000, 50_400])["r"]
    inside = (series["step"] >= 50_000) & (series["step"] <= 50_400)
    assert series["step"][inside].tolist() == list(range(50_000, 50_401)) and series["complete"] is True
    # The neighbours outside let the line leave the frame.
    assert series["step"][0] == 49_999 and series["step"][-1] == 50_401
    assert drawn(asked, runs=["r"], range=[10, 90_000])["r"]["complete"] is False


def test_smoothing_runs_over_every_point_and_not_over_the_picture():
    generator = np.random.default_rng(2)
    value = generator.normal(size=20_000).astype(np.float32)
    value[[5, 77]] = np.nan, np.inf
    last, count, wanted = 0.0, 0, np.empty(len(value))
    for place, point in enumerate(value.astype(float)):
        if math.isfinite(point):
            last = 0.9 * last + 0.1 * point
            count += 1
            wanted[place] = last / (1 - 0.9**count)
        else:
            wanted[place] = point
    asked = client(Long(value))
    for width in (100, 8192):
        series = drawn(asked, runs=["r"], smoothing=0.9, width=width)["r"]
        np.testing.assert_allclose(series["smoothed"], wanted[series["step"]], rtol=1e-5)
        assert series["smoothed"].dtype == series["value"].dtype == np.float32


def test_smoothing_of_a_series_of_many_segments():
    """Its points are drawn in the order of x, and smoothed in the order in which they were logged."""
    step = np.tile(np.arange(1000), 40)
    value = np.random.default_rng(6).normal(size=len(step)).astype(np.float32)
    provider = Long(value)
    provider.columns = ScalarColumns(step, WALL_TIME + np.arange(len(step), dtype=float), value)
    asked = client(provider)
    series = drawn(asked, runs=["r"], smoothing=0.5, width=50)["r"]
    whole = smooth(value, 0.5).astype(np.float32)
    place = np.round(series["wall_time"] - WALL_TIME).astype(int)
    assert len(set(place)) == len(place) and not (np.diff(place) > 0).all()
    assert series["smoothed"].tolist() == whole[place].tolist()
    assert series["value"].tolist() == value[place].tolist()


def test_x_axes(tmp_path: Path):
    file = LogFile(tmp_path / "r")
    for step in (3, 9, 27):
        file.write(scalar("loss", step, 0.5, wall_time=WALL_TIME + step * 2))
    asked = client(read(tmp_path))
    assert drawn(asked)["r"]["x"].tolist() == [3, 9, 27]
    assert drawn(asked, x="relative")["r"]["x"].tolist() == [6, 18, 54]  # since the first event of the run
    assert drawn(asked, x="wall")["r"]["x"].tolist() == [WALL_TIME + 6, WALL_TIME + 18, WALL_TIME + 54]
    assert drawn(asked, x="relative", range=[17, 19])["r"]["step"].tolist() == [3, 9, 27]


def test_relative_time_has_one_origin_for_all_tags_of_a_run(tmp_path: Path):
    file = LogFile(tmp_path / "r")
    file.write(scalar("loss", 1, 1.0, wall_time=WALL_TIME + 36))
    file.write(scalar("accuracy", 100, 0.5, wall_time=WALL_TIME + 3600))
    provider = read(tmp_path)
    asked = client(provider)
    assert drawn(asked, x="relative")["r"]["x"].tolist() == [36]
    validated = drawn(asked, tag="accuracy", x="relative")["r"]
    assert validated["x"].tolist() == [3600] and validated["start_wall_time"] == WALL_TIME
    # Points with times from before the file was opened, as whoever copies an older log writes them; and times
    # that are none.
    file.write(scalar("copied", 1, 1.0, wall_time=WALL_TIME - 1000))
    for odd in (0.0, -5.0, math.nan, math.inf):
        file.write(scalar(f"odd{odd}", 1, 1.0, wall_time=odd))
    provider.poll()
    assert drawn(asked, tag="copied", x="relative")["r"]["x"].tolist() == [0]
    assert drawn(asked, tag="accuracy", x="relative")["r"]["x"].tolist() == [4600]
    assert provider.runs()[0].start_wall_time == WALL_TIME - 1000


def test_one_cards_question_describes_the_series_of_its_tag_and_their_runs(tmp_path: Path, monkeypatch):
    for run in range(5):
        file = LogFile(tmp_path / f"r{run}")
        for tag in range(20):
            file.points(f"t{tag}", [1, 2])
        file.points(f"only{run}", [1, 2])
    provider = read(tmp_path)
    described: dict[str, list[int]] = {"series": [], "runs": []}

    def counted(name: str) -> Callable[..., list[Any]]:
        ask = getattr(provider, name)

        def asked(*arguments: Any, **options: Any) -> list[Any]:
            found = ask(*arguments, **options)
            described[name].append(len(found))
            return found

        return asked

    for name in described:
        monkeypatch.setattr(provider, name, counted(name))
    asked = client(provider)
    assert len(drawn(asked, tag="t3")) == 5
    assert asked.post("/api/scalars/table", {"tags": ["t3"]}).status_code == 200
    assert max(described["series"]) == max(described["runs"]) == 5
    described["runs"].clear()
    assert set(drawn(asked, tag="only2")) == {"r2"} and described["runs"] == [1]


def test_what_is_no_number_is_kept_and_told(tmp_path: Path):
    file = LogFile(tmp_path / "r")
    values = [1.0, math.nan, math.inf, -math.inf, 2.0, math.nan]
    for step, value in enumerate(values):
        file.write(scalar("loss", step, value))
    file.write(scalar("odd", 2**62, math.nan, wall_time=math.nan), scalar("odd", -(2**62), math.inf))
    asked = client(read(tmp_path))
    series = drawn(asked)["r"]
    assert series["value"].tobytes() == np.array(values, np.float32).tobytes()
    assert (series["minimum"], series["maximum"], series["last_value"]) == (1.0, 2.0, "NaN")
    whole = asked.get("/api/scalars/series?run=r&tag=loss").json()
    assert [row[2] for row in whole] == [1.0, "NaN", "Infinity", "-Infinity", 2.0, "NaN"]
    table = decode_columns(asked.post("/api/scalars/table", {"tags": ["loss"]}).content)
    assert table["runs"] == ["r"] and math.isnan(table["tags"][0]["last"][0])
    odd = drawn(asked, tag="odd")["r"]
    assert odd["step"].tolist() == [2**62, -(2**62)] and odd["minimum"] == "NaN"
    assert asked.get("/api/scalars/series?run=r&tag=odd").json()[0] == ["NaN", 2**62, "NaN"]
    for axis in ("relative", "wall"):
        assert drawn(asked, tag="odd", x=axis, smoothing=0.5)["r"]["count"] == 2


def test_runs_are_all_or_those_asked_for(tmp_path: Path):
    for run in ("a10", "a2"):
        LogFile(tmp_path / run).points("loss", [1, 2])
    LogFile(tmp_path / "other").points("x", [1])
    asked = client(read(tmp_path))
    assert list(drawn(asked)) == ["a2", "a10"]
    assert list(drawn(asked, runs=["a10", "other", "gone", "a10"])) == ["a10"]
    assert drawn(asked, tag="none") == {} and drawn(asked, runs=[]) == {}
    table = decode_columns(asked.post("/api/scalars/table", {"tags": ["loss"]}).content)
    assert table["runs"] == ["a2", "a10"] and table["tags"][0]["last"].tolist() == [2.0, 2.0]


def test_of_very_many_runs_each_gets_fewer_pixels():
    asked = client(Long(np.random.default_rng(4).normal(size=20_000).astype(np.float32)))
    answer = asked.post(
        "/api/scalars/data", {"tag": "loss", "runs": [str(i) for i in range(500)], "width": 8192}
    )
    series = decode_columns(answer.content)["series"]
    assert len(series) == 500 and not any(one["complete"] for one in series)
    assert 1500 < len(series[0]["step"]) <= 2002 and len(answer.content) < 32_000_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"tag": None},
        {"tag": 3},
        {"x": "time"},
        {"x": 1},
        {"width": 0},
        {"width": 8193},
        {"width": 3.5},
        {"width": True},
        {"smoothing": 1},
        {"smoothing": -0.1},
        {"smoothing": "0.5"},
        {"runs": "a"},
        {"runs": [1]},
        {"range": [1]},
        {"range": [2, 1]},
        {"range": ["0", "1"]},
        {"range": [0, True]},
        {"range": {"low": 0}},
    ],
)
def test_questions_that_make_no_sense(tmp_path: Path, wrong: dict[str, Any]):
    answer = client(read(tmp_path)).post("/api/scalars/data", {"tag": "loss", **wrong})
    assert answer.status_code == 400 and next(iter(wrong)) in answer.json()["error"]


def test_a_whole_series_of_an_unknown_form_or_name(tmp_path: Path):
    LogFile(tmp_path / "r").points("loss", [1])
    asked = client(read(tmp_path))
    assert asked.get("/api/scalars/series?run=r&tag=loss&format=xml").status_code == 400
    assert asked.get("/api/scalars/series?run=r&tag=none").status_code == 404
