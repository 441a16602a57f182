"""Every argument of every method, given what makes no sense: it is taken, or refused with one of cupola's
errors that names the argument; and whatever is in the file is whole.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.support.event_files import load
from tests.support.log_calls import CALLS, _figure
from tests.writer.test_losses import messages

from cupola import SummaryWriter
from cupola.errors import CupolaError

PIXELS = np.zeros((3, 4, 4), np.uint8)
ROW = [0.0, 1.0]

ARGUMENTS: dict[str, dict[str, Any]] = {
    "add_scalar": {"tag": "t", "scalar_value": 1.0},
    "add_scalars": {"main_tag": "t", "tag_scalar_dict": {"a": 1.0}},
    "add_histogram": {"tag": "t", "values": ROW},
    "add_histogram_raw": {
        "tag": "t",
        "min": 0,
        "max": 1,
        "num": 2,
        "sum": 1,
        "sum_squares": 1,
        "bucket_limits": ROW,
        "bucket_counts": ROW,
    },
    "add_image": {"tag": "t", "img_tensor": PIXELS},
    "add_images": {"tag": "t", "img_tensor": PIXELS[None]},
    "add_image_with_boxes": {"tag": "t", "img_tensor": PIXELS, "box_tensor": [[0, 0, 2, 2]]},
    "add_figure": {"tag": "t", "figure": _figure(), "close": False},
    "add_video": {"tag": "t", "vid_tensor": PIXELS[None, None]},
    "add_audio": {"tag": "t", "snd_tensor": ROW},
    "add_text": {"tag": "t", "text_string": "words"},
    "add_embedding": {"mat": np.eye(2)},
    "add_mesh": {"tag": "t", "vertices": np.zeros((1, 3, 3))},
    "add_tensor": {"tag": "t", "tensor": ROW},
    "add_pr_curve": {"tag": "t", "labels": ROW, "predictions": ROW},
    "add_pr_curve_raw": {
        "tag": "t",
        **dict.fromkeys(
            (
                *("true_positive_counts", "false_positive_counts", "true_negative_counts"),
                *("false_negative_counts", "precision", "recall"),
            ),
            ROW,
        ),
    },
    "add_custom_scalars": {"layout": {"c": {"t": ["Multiline", ["a"]]}}},
    "add_custom_scalars_multilinechart": {"tags": ["a"]},
    "add_custom_scalars_marginchart": {"tags": ["a", "b", "c"]},
    "add_hparams": {"hparam_dict": {"lr": 0.1}, "metric_dict": {"m": 1.0}},
}
"""A method to arguments that are right."""

OTHER_NAMES = {
    ("add_hparams", "hparam_domain_discrete"): "name|run_name|hparam_domain_discrete",
    ("add_hparams", "run_name"): "global_step|run_name",
    ("add_hparams", "name"): "run_name|name",
    ("add_image_with_boxes", "rescale"): "rescale|dataformats",
    ("add_custom_scalars", "layout"): "layout",
}
"""Arguments whose type says which one is meant."""

NO_MATTER = {
    *(("add_figure", "close"), ("add_pr_curve_raw", "weights")),
    *(("add_scalar", "new_style"), ("add_scalar", "double_precision")),
}
"""Flags, and what is not looked at."""

AMBIGUOUS = {"structured", "none in an array", "empty array", "sparse", "meta", "lazy"}
"""Neither true nor false, which is all that `add_scalar` asks of a name before anything else."""


class Hostile:
    """Raises wherever it is looked at."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("hands off")

    def __repr__(self) -> str:
        raise RuntimeError("hands off")


def _endless() -> list[Any]:
    items: list[Any] = []
    items.append(items)
    return items


SENSELESS: dict[str, Any] = {
    "object": object(),
    "hostile": Hostile(),
    "type": np.float32,
    "function": lambda: None,
    "words": "words",
    "bytes": b"\xff",
    "dict": {"a": {}},
    "numbered dict": {1: 2},
    "empty": [],
    "ragged": [[1], [1, 2]],
    "list in itself": _endless(),
    "negative": -1,
    "huge": 10**400,
    "nan": float("nan"),
    "inf": float("inf"),
    "complex": 1j,
    "structured": np.zeros(2, [("a", "f4")]),
    "dates": np.array(["2026-01-01"], "M8[D]"),
    "none in an array": np.array([None, 1.0]),
    "empty array": np.zeros((0, 3)),
    "masked": np.ma.masked,
    "sparse": torch.eye(2).to_sparse(),
    "meta": torch.zeros(2, device="meta"),
    "lazy": torch.nn.LazyLinear(2).weight,
    "surrogates": "\ud800",
}

CASES = [
    (method, argument)
    for method in ARGUMENTS
    for argument in inspect.signature(getattr(SummaryWriter, method)).parameters
    if argument != "self" and (method, argument) not in NO_MATTER
]


def test_the_table_is_whole() -> None:
    assert set(ARGUMENTS) | {"add_graph"} == set(CALLS)


@pytest.mark.filterwarnings("ignore::RuntimeWarning:tensorboard.*")  # of an infinite minimum
@pytest.mark.parametrize(("method", "argument"), CASES)
def test_senseless_values(tmp_path: Path, method: str, argument: str) -> None:
    named = OTHER_NAMES.get((method, argument), argument)
    wrong: list[str] = []
    with SummaryWriter(tmp_path) as writer:
        for name, value in SENSELESS.items():
            if name in AMBIGUOUS and argument in ("display_name", "summary_description"):
                continue
            try:
                getattr(writer, method)(**{**ARGUMENTS[method], argument: value})
            except CupolaError as error:
                if not any(word in str(error) for word in named.split("|")) or len(str(error)) > 600:
                    wrong.append(f"{name}: {error}")
            except Exception as error:
                wrong.append(f"{name}: {error!r}")
        writer.add_scalar("after", 1.0)
    assert not wrong, "\n".join(wrong)
    assert load(tmp_path).Scalars("after")
    assert messages(tmp_path) == [], "what cannot be written is refused at the call"
