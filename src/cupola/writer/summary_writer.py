"""SummaryWriter: what a training script calls.

A method checks its arguments, takes a snapshot and returns; encoding and writing happen on other threads.
Signatures are those of `torch.utils.tensorboard.SummaryWriter` and `tensorboardX.SummaryWriter` together;
where both put different things in one place, the argument's type tells. What each room logs is said in
`cupola/plugins/<room>/encode.py`.
"""

from __future__ import annotations

import json
import os
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cupola.errors import WrongType
from cupola.events import event
from cupola.plugins.scalars import encode as scalars
from cupola.values.arrays import check_tag
from cupola.writer import life, rooms
from cupola.writer.arguments import as_step
from cupola.writer.event_file_writer import EventFileWriter
from cupola.writer.log_writer import LogWriter

if TYPE_CHECKING:
    from cupola.writer.remote import Mirror

_SMALL_BYTES = 64 << 10
_SMALL_PATIENCE_S = 0.2
"""An embedding no larger than that is waited for, no longer than that."""


class SummaryWriter(LogWriter):
    """Logs to event files in `log_dir`, for cupola and TensorBoard alike.

    Storage never raises into these methods and never blocks them: see `EventFileWriter`. Any thread may
    call them. A forked child and an unpickled copy write to files of their own. A call after `close` opens
    a new file.
    """

    # Scalars

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: Any = None,
        walltime: float | None = None,
        new_style: bool | str = False,
        double_precision: bool | str = False,
        *,
        display_name: str = "",
        summary_description: str = "",
    ) -> None:
        """Logs a number: of Python, NumPy, or an array or tensor of one element on any device, which is not
        waited for.

        Args:
            tag: name of the series.
            scalar_value: the number; NaN and infinities are kept.
            global_step: its step.
            walltime: seconds since 1970; now if none is given.
            new_style: as a tensor instead of a `simple_value`. A string here is tensorboardX's
                `display_name`.
            double_precision: keep all of a float64 (a float32 is kept else). A string here is
                `summary_description`.
            display_name: a title other than the tag.
            summary_description: Markdown.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        if not (self._detour or new_style or double_precision or display_name or summary_description):
            if self._scalar(tag, scalar_value, global_step, walltime):
                return
            number = scalars.at_hand(scalar_value)
            if number is not None and self._scalar(tag, number, global_step, walltime):
                return
        if isinstance(new_style, str):
            display_name, new_style = new_style or display_name, False
        if isinstance(double_precision, str):
            summary_description, double_precision = double_precision or summary_description, False
        form = (new_style, double_precision, display_name, summary_description)
        self._put_scalar(self._get_file_writer().event_writer, tag, scalar_value, global_step, walltime, form)

    def add_scalars(
        self,
        main_tag: str,
        tag_scalar_dict: Mapping[str, Any],
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Logs several numbers under one tag, each in a run of its own, so that they share a chart.

        Args:
            main_tag: the tag. The runs are `<log_dir>/<main_tag>_<key>`, where `/` in the tag becomes `_`.
            tag_scalar_dict: keys to numbers.
            global_step: their step.
            walltime: seconds since 1970; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        if walltime is None:
            walltime = self._defaults[1] or time.time()
        group = self._groups.get(main_tag)
        if group is None:
            group = self._group(main_tag, tag_scalar_dict)
        for key, value in tag_scalar_dict.items():
            file = group.get(key) or self._group_file(group, main_tag, key)
            history = self._history[file.get_logdir()]
            if self._detour or not file.scalar(main_tag, value, global_step, walltime):
                self._put_scalar(file, main_tag, value, global_step, walltime, history=history)
            else:
                history.extend((walltime, global_step or 0, value))

    def add_tensor(
        self, tag: str, tensor: Any, global_step: Any = None, walltime: float | None = None
    ) -> None:
        """Logs an array as it is."""
        self._later(tag, rooms.tensor.tensor(tag, tensor), global_step, walltime)

    def export_scalars_to_json(self, path: Any) -> None:
        """Writes what `add_scalars` logged since the last export: `{run's directory: [[wall time, step,
        value], ...]}`.
        """
        Path(path).write_text(json.dumps(self.scalar_dict))
        self._history = {directory: array("d") for directory in self._history}

    @property
    def scalar_dict(self) -> dict[str, list[list[float]]]:
        """What `export_scalars_to_json` would write."""
        return {
            directory: [
                [wall_time, int(step), value]
                for wall_time, step, value in zip(*[iter(points)] * 3, strict=True)
            ]
            for directory, points in self._history.items()
            if points
        }

    # Distributions

    def add_histogram(
        self,
        tag: str,
        values: Any,
        global_step: Any = None,
        bins: Any = "tensorflow",
        walltime: float | None = None,
        max_bins: int | None = None,
    ) -> None:
        """Logs the distribution of all elements of an array; non-finite ones are dropped and counted."""
        if self._bins is not None and isinstance(bins, str) and bins == "tensorflow":
            bins = self._bins
        self._later(tag, rooms.histograms.histogram(tag, values, bins, max_bins), global_step, walltime)

    def add_histogram_raw(
        self,
        tag: str,
        min: float,
        max: float,
        num: float,
        sum: float,
        sum_squares: float,
        bucket_limits: Any,
        bucket_counts: Any,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Logs a histogram that was counted elsewhere; `bucket_limits` are right edges."""
        later = rooms.histograms.histogram_raw(
            tag, min, max, num, sum, sum_squares, bucket_limits, bucket_counts
        )
        self._later(tag, later, global_step, walltime)

    @property
    def default_bins(self) -> list[float]:
        """The 1549 edges of `bins="tensorflow"`; may be set to others."""
        if self._bins is None:
            edges, edge = [], 1e-12
            while edge < 1e20:
                edges.append(edge)
                edge *= 1.1
            return [-edge for edge in reversed(edges)] + [0.0] + edges
        return self._bins

    @default_bins.setter
    def default_bins(self, edges: Sequence[float]) -> None:
        self._bins = list(edges)

    # Pictures, sound, text

    def add_image(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
    ) -> None:
        """Logs a picture: bytes, or floats from 0 to 1 (clipped)."""
        self._later(tag, rooms.images.image(tag, img_tensor, dataformats), global_step, walltime)

    def add_images(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Logs a batch of pictures as one grid."""
        self._later(tag, rooms.images.images(tag, img_tensor, dataformats), global_step, walltime)

    def add_image_with_boxes(
        self,
        tag: str,
        img_tensor: Any,
        box_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        rescale: float | str = 1,
        dataformats: Any = "CHW",
        labels: Any = None,
    ) -> None:
        """Logs a picture with boxes (N×4: left, top, right, bottom in pixels). A string as `rescale` is
        tensorboardX's `dataformats`.
        """
        if isinstance(rescale, str):
            labels = labels if labels is not None or dataformats == "CHW" else dataformats
            rescale, dataformats = 1, rescale
        later = rooms.images.image_with_boxes(tag, img_tensor, box_tensor, rescale, dataformats, labels)
        self._later(tag, later, global_step, walltime)

    def add_figure(
        self,
        tag: str,
        figure: Any,
        global_step: Any = None,
        close: bool = True,
        walltime: float | None = None,
    ) -> None:
        """Logs a matplotlib figure, or a list of equally large ones; `close` closes them."""
        self._later(tag, rooms.images.figure(tag, figure, close), global_step, walltime)

    def add_video(
        self,
        tag: str,
        vid_tensor: Any,
        global_step: Any = None,
        fps: float = 4,
        walltime: float | None = None,
        dataformats: str = "NTCHW",
        format: str = "gif",
    ) -> None:
        """Logs a batch of films as one animated picture; `format="mp4"` is smaller, needs an ffmpeg, and does
        not show in TensorBoard.
        """
        self._later(tag, rooms.images.video(tag, vid_tensor, fps, dataformats, format), global_step, walltime)

    def add_audio(
        self,
        tag: str,
        snd_tensor: Any,
        global_step: Any = None,
        sample_rate: int = 44100,
        walltime: float | None = None,
    ) -> None:
        """Logs sound from -1 to 1 (clipped), mono or stereo."""
        self._later(tag, rooms.audio.audio(tag, snd_tensor, sample_rate), global_step, walltime)

    def add_text(
        self, tag: str, text_string: str, global_step: Any = None, walltime: float | None = None
    ) -> None:
        """Logs a text, Markdown if it wants to be."""
        self._later(tag, rooms.text.text(tag, text_string), global_step, walltime)

    # Models and points

    def add_graph(
        self,
        model: Any,
        input_to_model: Any = None,
        verbose: bool = False,
        use_strict_trace: bool | None = None,
    ) -> None:
        """Logs a model's graph, recorded in one forward pass, here and now; `use_strict_trace=True` refuses a
        model that returns a dict.
        """
        graph, run_metadata = rooms.graphs.graph(model, input_to_model, verbose, use_strict_trace)
        self._event(graph_def=graph, tagged_run_metadata=run_metadata)

    def add_onnx_graph(self, prototxt: Any = None, *, onnx_model_file: Any = None) -> None:
        """Logs the graph of an ONNX file."""
        model = prototxt if onnx_model_file is None else onnx_model_file
        self._event(graph_def=rooms.graphs.onnx_graph(model))

    def add_openvino_graph(self, xmlname: Any) -> None:
        """Logs the graph of an OpenVINO model's `.xml` file."""
        self._event(graph_def=rooms.graphs.openvino_graph(xmlname))

    def add_embedding(
        self,
        mat: Any,
        metadata: Any = None,
        label_img: Any = None,
        global_step: Any = None,
        tag: str = "default",
        metadata_header: Sequence[str] | None = None,
    ) -> None:
        """Logs points in many dimensions (N×D) with labels and pictures; embeddings of other tags and steps
        stay. A small one's files are there when the call returns, as the peers' are.
        """
        files = rooms.projector.embedding(mat, metadata, label_img, global_step, tag, metadata_header)
        logdir = self._place(self._get_file_writer().get_logdir())
        if self._write_to_disk:
            write = partial(_write_embedding, files, logdir, self._mirror)
            prompt = files.nbytes <= _SMALL_BYTES and self._mirror is None and self._background.idle
            self._background.submit(f"embedding {tag!r}", write, files.nbytes)
            if prompt:
                self._background.drain(_SMALL_PATIENCE_S)

    def add_mesh(
        self,
        tag: str,
        vertices: Any,
        colors: Any = None,
        faces: Any = None,
        config_dict: Mapping[str, Any] | None = None,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Logs meshes, or point clouds if there are no faces (each B×N×3)."""
        self._later(tag, rooms.mesh.mesh(tag, vertices, colors, faces, config_dict), global_step, walltime)

    # Curves and charts

    def add_pr_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Logs a precision-recall curve of binary labels and predictions from 0 to 1."""
        self._later(
            tag,
            rooms.pr_curves.pr_curve(tag, labels, predictions, num_thresholds, weights),
            global_step,
            walltime,
        )

    def add_pr_curve_raw(
        self,
        tag: str,
        true_positive_counts: Any,
        false_positive_counts: Any,
        true_negative_counts: Any,
        false_negative_counts: Any,
        precision: Any,
        recall: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Logs a precision-recall curve that was counted elsewhere."""
        counts = (true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts)
        later = rooms.pr_curves.pr_curve_raw(tag, *counts, precision, recall, num_thresholds, weights)
        self._later(tag, later, global_step, walltime)

    def add_custom_scalars_multilinechart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Lays out a chart with a line for each tag (regular expressions)."""
        self._later(title, rooms.custom_scalars.multiline(tags, category, title, self._charts))

    def add_custom_scalars_marginchart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Lays out a chart with a band: `tags` are value, lower and upper."""
        self._later(title, rooms.custom_scalars.margin(tags, category, title, self._charts))

    def add_custom_scalars(self, layout: Mapping[str, Any]) -> None:
        """Lays out charts: `{category: {title: ["Multiline" or "Margin", tags]}}`."""
        self._later("custom scalars", rooms.custom_scalars.layout(layout, self._charts))

    def add_hparams(
        self,
        hparam_dict: Mapping[str, Any],
        metric_dict: Mapping[str, Any],
        hparam_domain_discrete: Any = None,
        run_name: Any = None,
        global_step: Any = None,
        *,
        name: str | None = None,
    ) -> None:
        """Logs hyperparameters and the metrics they led to, in a run of their own below `log_dir`.

        Args:
            hparam_dict: names to booleans, numbers and strings.
            metric_dict: tags to numbers.
            hparam_domain_discrete: names to all values they can take. A string here is tensorboardX's `name`.
            run_name: the run's directory below `log_dir`; the time if none is given. A number here is
                `global_step`.
            global_step: the metrics' step.
            name: tensorboardX's name of `run_name`.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        if isinstance(hparam_domain_discrete, str):
            hparam_domain_discrete, name = None, hparam_domain_discrete
        if run_name is not None and not isinstance(run_name, (str, os.PathLike)):
            run_name, global_step = None, run_name
        step = as_step(global_step)
        values = rooms.hparams.hparams(hparam_dict, metric_dict, hparam_domain_discrete)()
        metrics = {
            check_tag(tag): scalars.number(value, f"metric_dict[{tag!r}]")
            for tag, value in metric_dict.items()
        }
        logdir, name = self._get_file_writer().get_logdir(), str(run_name or name or time.time())
        directory = Path(logdir, name) if self._mirror is None else f"{logdir}/{name}"
        write = partial(
            _write_session, self._new_file(directory).event_writer, values, metrics, step, time.time()
        )
        self._background.submit("hyperparameters", write, 1000)

    # Within

    def _group(self, main_tag: str, tag_scalar_dict: Mapping[str, Any]) -> dict[str, EventFileWriter]:
        check_tag(main_tag)
        if not isinstance(tag_scalar_dict, Mapping):
            kind = type(tag_scalar_dict).__qualname__
            raise WrongType(f"tag_scalar_dict is of type {kind}; wanted a dict of names to numbers")
        return self._groups.setdefault(main_tag, {})

    def _group_file(self, group: dict[str, EventFileWriter], main_tag: str, key: str) -> EventFileWriter:
        if not isinstance(key, str):
            raise WrongType(
                f"tag_scalar_dict has the key {key!r:.60} of type {type(key).__qualname__}; wanted strings"
            )
        directory = self._group_directory(self._get_file_writer().get_logdir(), main_tag, key)
        with life.opening():
            writers = self.all_writers if self.all_writers is not None else {}
            if directory not in writers:
                writers[directory] = self._new_file(directory)
                self._history.setdefault(directory, array("d"))
            return group.setdefault(key, writers[directory].event_writer)

    def _group_directory(self, logdir: str, main_tag: str, key: str) -> str:
        return f"{logdir}/{main_tag.replace('/', '_')}_{key}"

    def _put_scalar(
        self,
        file: EventFileWriter,
        tag: str,
        value: Any,
        step: Any,
        walltime: Any,
        form: tuple[Any, ...] = (),
        history: array[float] | None = None,
    ) -> None:
        check_tag(tag)
        step, wall_time = self._when(step, walltime)
        write = partial(_write_scalar, file, tag, step, wall_time, form, history)
        arriving = scalars.begin_copy(value)
        if arriving is not None:
            self._detour = True  # what is logged of this tag from now on has to come behind
        else:
            number = scalars.number(value)
            waiting = self._background.waiting
            if (file, tag) not in waiting:
                self._detour = bool(waiting) or self._defaults != (None, None)
                return write(lambda: number)
            arriving = lambda: number  # noqa: E731
        self._background.submit(repr(tag), partial(write, arriving), 100, (file, tag))


def _write_scalar(
    file: EventFileWriter,
    tag: str,
    step: int,
    wall_time: float,
    form: tuple[Any, ...],
    history: array[float] | None,
    number: Callable[[], float],
) -> None:
    value = number()
    if any(form):
        encoded = scalars.scalar(tag, value, *form)
        file.write(event.encode_event(wall_time, step, summary=event.encode_summary(encoded)))
    else:
        file.write_scalar(tag, value, step, wall_time)
    if history is not None:
        history.extend((wall_time, step, value))


def _write_session(
    file: EventFileWriter, values: Sequence[bytes], metrics: Mapping[str, float], step: int, wall_time: float
) -> None:
    for value in values:
        file.write(event.encode_event(wall_time, step, summary=event.encode_summary(value)))
    for tag, number in metrics.items():
        file.write_scalar(tag, number, step, wall_time)
    file.close()


def _write_embedding(files: Callable[[Path], None], logdir: Path, mirror: Mirror | None) -> None:
    if mirror is not None:
        mirror.fetch("projector_config.pbtxt")
    files(logdir)
