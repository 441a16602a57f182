"""Masked elements, enumerations, pictures, figures, tables, configurations: what each becomes."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import enum
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
import torch
from PIL import Image
from tests.plugins.test_hparams_encode import session
from tests.support.contents import contents
from tests.support.encoded import decoded, value
from tests.support.event_files import events, scalars

from cupola import SummaryWriter
from cupola.errors import WrongType, WrongValue
from cupola.plugins.histograms import encode as histograms
from cupola.plugins.images import encode as images
from cupola.plugins.projector.labels import lines
from cupola.values.arguments import as_step
from cupola.values.arrays import make_np, snapshot

MASKED = np.ma.masked_array([1.0, 2.0, 1000.0], mask=[False, False, True])


class Word(str, enum.Enum):
    ADAM = "adam"


class Plain(enum.Enum):
    SGD = "sgd"
    RATE = 0.5


class Seven(enum.IntEnum):
    STEP = 7


# Masked


def test_masked_elements_are_no_numbers() -> None:
    np.testing.assert_array_equal(make_np(MASKED), [1, 2, np.nan])
    np.testing.assert_array_equal(make_np(np.ma.masked_array([1, 2], [True, False])), [np.nan, 2])
    assert np.isnan(make_np(np.ma.masked)) and np.isnan(make_np([np.ma.masked, 1.0])[0])
    assert make_np(np.ma.masked_array([1, 2])).dtype == np.int64  # where nothing is masked, nothing changes
    assert snapshot(MASKED, masked=None).array().tolist() == [1, 2]
    missing = pandas.Series([1, None, 3], dtype="Int64")
    np.testing.assert_array_equal(make_np(missing), [1, np.nan, 3])
    objects = np.ma.masked_array(np.array([1, None, 2.5], object), mask=[False, True, False])
    np.testing.assert_array_equal(make_np(objects), [1, np.nan, 2.5])


def test_histograms_count_what_is_not_masked() -> None:
    histo = value(histograms.histogram("t", MASKED)).histo
    assert (histo.num, histo.min, histo.max, histo.sum) == (2, 1, 2, 3)
    assert value(histograms.histogram("t", np.ma.masked_array([1.0], [True]))).histo.num == 0
    with pytest.raises(WrongValue, match="no element"):
        histograms.histogram("t", np.ma.masked_array([]))


def test_masked_pixels_are_black() -> None:
    pixels = np.ma.masked_array(np.full((2, 2), 200, np.uint8), [[True, False], [False, False]])
    image = decoded(value(images.image("t", pixels, "HW")).image)
    assert [image.getpixel(at) for at in ((0, 0), (1, 0))] == [(0, 0, 0), (200, 200, 200)]


# Strings that are enumerations


def test_an_enumeration_is_the_string_that_it_is(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, filename_suffix=Word.ADAM) as writer:
        writer.add_scalar(Word.ADAM, 1.0)
        writer.add_scalars(Word.ADAM, {Word.ADAM: 1.0, "b": 2.0})
        writer.add_scalars(Word.ADAM, {Word.ADAM: 2.0}, 1)
        writer.add_histogram(Word.ADAM, [1.0], bins="auto")
        writer.add_mesh(Word.ADAM, np.zeros((1, 3, 3)))
        writer.add_text(Word.ADAM, Word.ADAM)
        writer.add_custom_scalars({Word.ADAM: {Word.ADAM: ["Multiline", [Word.ADAM]]}})
        writer.add_embedding(np.eye(1), [Word.ADAM], tag=Word.ADAM, global_step=Word.ADAM)
        writer.add_hparams({Word.ADAM: Word.ADAM}, {Word.ADAM: 1.0}, run_name=Word.ADAM)
        writer.add_scalar("t", 1.0, display_name=Word.ADAM)
    place = enum.Enum("Word", {"BELOW": str(tmp_path / "below")}, type=str)  # type: ignore[misc]
    with SummaryWriter(place.BELOW) as writer:
        writer.add_scalar("t", 1.0)
    names = {path.name for path in tmp_path.rglob("*")}
    assert "Word" not in " ".join(names) and "below" in names
    assert {"adam", "adam_adam", "adam_b", "0adam"} <= names
    assert scalars(tmp_path / "adam_adam") == {"adam": [(0, 1.0), (1, 2.0)]}
    assert b"Word" not in b"".join(event.SerializeToString() for event in events(tmp_path))
    assert (tmp_path / "0adam" / "adam" / "metadata.tsv").read_text() == "adam\n"


# Configurations


@dataclasses.dataclass
class Config:
    optimizer: Word = Word.ADAM
    rate: float = 0.1


def test_configurations() -> None:
    class Broken:
        def __str__(self) -> str:
            raise RuntimeError

        shape = property(lambda self: 1 / 0)

    given: dict[str, Any] = {
        "enum": Plain.SGD,
        "number": Plain.RATE,
        "list": [Word.ADAM, Plain.RATE],
        "dict": {"a": {"b": Word.ADAM}},
        "array": np.array([0.25, 2.0]),
        "matrix": torch.eye(2, dtype=torch.int64),
        "words": np.array(["a", "b"]),
        "digits": np.array(["1"]),
        "date": datetime.date(2026, 1, 2),
        "dates": np.datetime64("2026-01-02"),
        "device": torch.device("cpu"),
        "complex": 1j,
        "huge": 10**400,
        "meta": torch.zeros(2, device="meta"),
        "large": np.zeros(5000),
        "broken": Broken(),
        "tuple": (1, "a"),
    }
    kept = session(**given)
    assert {name: kept[name] for name in ("enum", "number", "list", "dict", "array", "matrix")} == {
        "enum": "sgd",
        "number": 0.5,
        "list": "['adam', 0.5]",
        "dict": "{'a': {'b': 'adam'}}",
        "array": "[0.25, 2.0]",
        "matrix": "[[1, 0], [0, 1]]",
    }
    assert (kept["words"], kept["digits"], kept["date"], kept["dates"]) == (
        "['a', 'b']",
        "['1']",
        "2026-01-02",
        "2026-01-02",
    )
    assert (kept["device"], kept["complex"], kept["tuple"]) == ("cpu", "1j", "(1, 'a')")
    for name in ("meta", "large", "broken", "huge"):
        assert isinstance(kept[name], str)
        assert len(str(kept[name])) < 1000


def test_what_holds_hyperparameters(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for name, config in (("a", Config()), ("b", argparse.Namespace(optimizer="adam", rate=0.1))):
            writer.add_hparams(config, {"m": 1.0}, run_name=name)  # type: ignore[arg-type]
    one, other = ([item[2:] for item in contents(tmp_path / name)] for name in ("a", "b"))
    assert one == other


# Steps and times


def test_steps_and_times_of_every_kind(tmp_path: Path) -> None:
    assert as_step(torch.tensor(2**62 + 1)) == as_step(np.array([2**62 + 1])) == 2**62 + 1
    assert as_step(np.uint64(7)) == as_step(Seven.STEP) == 7
    for wrong in (np.ma.masked, torch.zeros((), device="meta"), torch.zeros(2), 1j, torch.tensor(1j)):
        with pytest.raises((WrongType, WrongValue), match="global_step"):
            as_step(wrong)
    when = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("t", 1.0, 0, when)  # type: ignore[arg-type]
        writer.add_text("t", "x", 0, when)  # type: ignore[arg-type]
    assert [event.wall_time for event in events(tmp_path)[1:]] == [when.timestamp()] * 2


# Pictures and figures

MODES = {
    "1": (255, 255, 255, 255),
    "L": (200, 200, 200, 255),
    "LA": (200, 200, 200, 128),
    "P": None,
    "RGB": (10, 20, 30, 255),
    "RGBA": (10, 20, 30, 40),
    "I;16": (200, 200, 200, 255),
    "I": (200, 200, 200, 255),
    "F": (200, 200, 200, 255),
    "CMYK": (10, 20, 30, 255),
    "YCbCr": None,
    "HSV": None,
}
COLORS: dict[str, Any] = {
    "1": 1,
    "LA": (200, 128),
    "RGB": (10, 20, 30),
    "RGBA": (10, 20, 30, 40),
    "I;16": 200 * 256 + 7,
}


@pytest.mark.parametrize("mode", MODES)
def test_pictures_of_every_mode(mode: str) -> None:
    if mode in ("P", "CMYK", "YCbCr", "HSV"):
        picture = Image.new("RGB", (4, 3), (10, 20, 30)).convert(mode)
    else:
        picture = Image.new(mode, (4, 3), COLORS.get(mode, 200))
    for logged in (images.image("t", picture), images.images("t", [picture])):
        shown = decoded(value(logged).image)
        assert shown.size == (4, 3)
        wanted = MODES[mode] or picture.convert("RGBA").getpixel((0, 0))
        assert shown.convert("RGBA").getpixel((0, 0)) == wanted


def test_lists_of_pictures() -> None:
    red, clear = Image.new("RGB", (4, 3), "red"), Image.new("RGBA", (4, 3))
    assert decoded(value(images.images("t", [red, clear])).image).mode == "RGBA"
    assert decoded(value(images.images("t", iter([red, Image.new("L", (4, 3))]))).image).size == (8, 3)
    assert value(images.video("t", [red, red])).image.encoded_image_string[:4] == b"GIF8"
    with pytest.raises(WrongValue, match=r"img_tensor holds pictures of 2x2, 4x3 pixels.*resize"):
        images.images("t", [red, Image.new("RGB", (2, 2))])


def test_figures_of_every_kind() -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1), dpi=20)
    axes = figure.add_subplot()
    one = value(images.figure("t", figure))
    assert value(images.figure("t", axes)) == one
    assert value(images.figure("t", (item for item in [figure, figure]))).image.width == 40
    with pytest.raises(WrongType, match=r"figure is of type PIL.*add_image"):
        images.figure("t", Image.new("RGB", (4, 3)))


def test_figures_of_plotly(monkeypatch: pytest.MonkeyPatch) -> None:
    class BaseFigure:
        """What stands for Plotly's."""

        drawn: bytes | Exception = ValueError("Image export requires kaleido")

        def __iter__(self) -> Any:
            return iter(["data", "layout"])

        def to_image(self, format: str) -> bytes:
            if isinstance(self.drawn, Exception):
                raise self.drawn
            return self.drawn

    module = types.ModuleType("plotly.basedatatypes")
    module.BaseFigure = BaseFigure  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "plotly.basedatatypes", module)
    figure = BaseFigure()
    with pytest.raises(WrongType, match=r"Plotly cannot draw it.*pip install kaleido"):
        images.figure("t", figure)
    import io

    encoded = io.BytesIO()
    Image.new("RGB", (5, 4), "red").save(encoded, "PNG")
    figure.drawn = encoded.getvalue()
    assert decoded(value(images.figure("t", [figure, figure])).image).getpixel((9, 3)) == (255, 0, 0)


# Labels of embeddings


@pytest.mark.parametrize(
    ("metadata", "header", "wanted"),
    [
        (torch.tensor([5, 6]), None, ["5", "6"]),
        (pandas.Series(["a", "b"]), None, ["a", "b"]),
        (pandas.Series([Word.ADAM, Plain.SGD]), None, ["adam", "sgd"]),
        (pandas.DataFrame({"x": [1, 2], "y": ["a", "b"]}), None, ["x\ty", "1\ta", "2\tb"]),
        (pandas.DataFrame({"x": ["a", "b"]}), None, ["a", "b"]),
        (np.ma.masked_array([1, 2], [False, True]), None, ["1", "\u200b"]),
        ((item for item in ["a", None]), None, ["a", "None"]),
        ({"a": 1, "b": 2}.keys(), None, ["a", "b"]),
        ([[1, "a"], [2, "b"]], np.array(["x", "y"]), ["x\ty", "1\ta", "2\tb"]),
        (["a", "b"], "name", ["a", "b"]),
    ],
)
def test_labels_of_every_kind(metadata: Any, header: Any, wanted: list[str]) -> None:
    assert lines(metadata, header, 2) == wanted
