"""Every method of `SummaryWriter` that logs, as a call that a test makes from some odd place.

`test_every_method_is_here` in tests/writer/test_anywhere_methods.py fails when the writer has a method that
this table lacks, so that a new one is tried from all of those places too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tests.support.event_files import events

from cupola import SummaryWriter

Call = Callable[[SummaryWriter, int], object]

_ARRAY = np.linspace(-1, 1, 12)
_PIXELS = np.arange(3 * 4 * 4, dtype=np.uint8).reshape(3, 4, 4)
_MESH = np.zeros((1, 3, 3))
_COUNTS = [2.0, 1.0, 0.0]


_made: dict[str, Any] = {}
"""Figure and model: to make them is no part of a call. (torch.compile warns of `functools.cache`.)"""


def _figure() -> Any:
    if "figure" in _made:
        return _made["figure"]
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    _made["figure"] = figure = Figure(figsize=(1, 1), dpi=20)
    FigureCanvasAgg(figure)
    figure.add_subplot().plot([1, 2])
    return figure


def _model() -> Any:
    if "model" not in _made:
        import torch

        _made["model"] = torch.nn.Linear(2, 1), torch.zeros(1, 2)
    return _made["model"]


CALLS: dict[str, Call] = {
    "add_scalar": lambda w, step: w.add_scalar("scalar", 0.5, step),
    "add_scalars": lambda w, step: w.add_scalars("group", {"a": 0.5, "b": np.float32(1)}, step),
    "add_histogram": lambda w, step: w.add_histogram("histogram", _ARRAY, step),
    "add_histogram_raw": lambda w, step: w.add_histogram_raw(
        "raw", 0, 1, 2, 1, 1, [0.0, 1.0], [1.0, 1.0], step
    ),
    "add_image": lambda w, step: w.add_image("image", _PIXELS, step),
    "add_images": lambda w, step: w.add_images("images", _PIXELS[None], step),
    "add_image_with_boxes": lambda w, step: w.add_image_with_boxes("boxes", _PIXELS, [[0, 0, 2, 2]], step),
    "add_figure": lambda w, step: w.add_figure("figure", _figure(), step, close=False),
    "add_video": lambda w, step: w.add_video("video", _PIXELS[None, None], step),
    "add_audio": lambda w, step: w.add_audio("audio", _ARRAY, step),
    "add_text": lambda w, step: w.add_text("text", "some *text*", step),
    "add_graph": lambda w, step: w.add_graph(*_model()),
    "add_embedding": lambda w, step: w.add_embedding(_ARRAY.reshape(4, 3), global_step=step),
    "add_mesh": lambda w, step: w.add_mesh("mesh", _MESH, global_step=step),
    "add_tensor": lambda w, step: w.add_tensor("tensor", _ARRAY, step),
    "add_pr_curve": lambda w, step: w.add_pr_curve("pr", [0, 1], [0.2, 0.7], step),
    "add_pr_curve_raw": lambda w, step: w.add_pr_curve_raw(
        "pr_raw", _COUNTS, _COUNTS, _COUNTS, _COUNTS, _COUNTS, _COUNTS, step, 3
    ),
    "add_custom_scalars": lambda w, step: w.add_custom_scalars({"c": {"t": ["Multiline", ["a"]]}}),
    "add_custom_scalars_multilinechart": lambda w, step: w.add_custom_scalars_multilinechart(["a"]),
    "add_custom_scalars_marginchart": lambda w, step: w.add_custom_scalars_marginchart(["a", "b", "c"]),
    "add_hparams": lambda w, step: w.add_hparams({"lr": 0.1}, {"m": 1.0}, run_name="session"),
}
"""Method to a call of it that logs the same in each step."""

CONTROLS: dict[str, Call] = {
    "flush": lambda w, step: w.flush(),
    "close": lambda w, step: w.close(),
    "with": lambda w, step: w.__exit__(*[None] * 3),
    "use_metadata": lambda w, step: _use_metadata(w, step),
    "file_writer": lambda w, step: w._get_file_writer().flush(),
    "all_writers": lambda w, step: [file.flush() for file in (w.all_writers or {}).values()],
    "export_scalars_to_json": lambda w, step: w.export_scalars_to_json("/dev/null"),
}
"""What else a program calls, by name."""

ELSEWHERE = {"add_onnx_graph", "add_openvino_graph"}
"""Need files of other programs; they go the way of `add_graph`."""


def _use_metadata(writer: SummaryWriter, step: int) -> None:
    with writer.use_metadata(global_step=step):
        writer.add_scalar("metadata", 0.5)


def logged(logdir: Path) -> Counter[tuple[str, int, str]]:
    """How often each (run and tag, step, kind of data) is in the event files below a directory. The files
    beside them count too.
    """
    found: Counter[tuple[str, int, str]] = Counter()
    for directory in [logdir, *(path for path in logdir.rglob("*") if path.is_dir())]:
        run = directory.relative_to(logdir).as_posix()
        for event in events(directory):
            kind = event.WhichOneof("what")
            if kind == "summary":
                for value in event.summary.value:
                    found[f"{run}/{value.tag}", event.step, value.WhichOneof("value")] += 1
            elif kind != "file_version":
                found[f"{run}/", event.step, kind] += 1
    for path in logdir.rglob("*"):
        if path.is_file() and "tfevents" not in path.name:
            found[path.relative_to(logdir).as_posix(), 0, "file"] += 1
    return found
