"""SummaryWriter: what a training script calls.

A method checks its arguments, takes a snapshot and returns; encoding and writing happen on other threads.
Signatures are those of `torch.utils.tensorboard.SummaryWriter` and `tensorboardX.SummaryWriter` together;
where both put different things in one place, the argument's type tells. What each plugin logs is said in
`cupola/plugins/<plugin>/encode.py`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cupola.errors import WrongType, WrongValue
from cupola.events import event
from cupola.plugins.scalars import encode as scalars
from cupola.values.arguments import as_file_name, as_step, check_mapping, check_tag
from cupola.values.deferred import DeferredFiles
from cupola.writer import encoders
from cupola.writer.event_writer import EventWriter
from cupola.writer.forgiving import forgiving
from cupola.writer.patience import Patience
from cupola.writer.scalar_methods import ScalarMethods
from cupola.writer.untraced import untraced

_SMALL_BYTES = 64 << 10
_SMALL_PATIENCE_S = 0.2
"""An embedding no larger than that is waited for, no longer than that."""


@untraced
class SummaryWriter(ScalarMethods):
    """Logs to event files in `log_dir`, for cupola and TensorBoard alike.

    Storage never raises into these methods and never blocks them: see `EventWriter`. Any thread may call
    them. A forked child and an unpickled copy write to files of their own. A call after `close` opens a new
    file.

    Attributes:
        log_dir: the directory, as it was given; `logdir` is the same.
        file_writer: the peers' `FileWriter` of `log_dir`; None after `close`.
        all_writers: directory to `FileWriter`, those of `add_scalars` too; None after `close`.
    """

    # Distributions

    @forgiving
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
        self._log(encoders.histograms.histogram(tag, values, bins, max_bins), global_step, walltime)

    @forgiving
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
        deferred = encoders.histograms.histogram_raw(
            tag, min, max, num, sum, sum_squares, bucket_limits, bucket_counts
        )
        self._log(deferred, global_step, walltime)

    @property
    def default_bins(self) -> list[float]:
        """The 1549 edges of `bins="tensorflow"`; may be set to others."""
        return list(encoders.histograms.default_edges()) if self._bins is None else self._bins

    @default_bins.setter
    def default_bins(self, edges: Sequence[float]) -> None:
        self._bins = list(edges)

    # Images, audio, text

    @forgiving
    def add_image(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
    ) -> None:
        """Logs an image: bytes, or floats from 0 to 1 (clipped)."""
        self._log(encoders.images.image(tag, img_tensor, dataformats), global_step, walltime)

    @forgiving
    def add_images(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Logs a batch of images as one grid."""
        self._log(encoders.images.images(tag, img_tensor, dataformats), global_step, walltime)

    @forgiving
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
        """Logs an image with boxes (N×4: left, top, right, bottom in pixels). A string as `rescale` is
        tensorboardX's `dataformats`.
        """
        if isinstance(rescale, str):
            labels = labels if labels is not None or dataformats == "CHW" else dataformats
            rescale, dataformats = 1, rescale
        deferred = encoders.images.image_with_boxes(tag, img_tensor, box_tensor, rescale, dataformats, labels)
        self._log(deferred, global_step, walltime)

    @forgiving
    def add_figure(
        self,
        tag: str,
        figure: Any,
        global_step: Any = None,
        close: bool = True,
        walltime: float | None = None,
    ) -> None:
        """Logs a Matplotlib or Plotly figure, or a list of equally large ones; `close` closes them."""
        self._log(encoders.images.figure(tag, figure, close), global_step, walltime)

    @forgiving
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
        """Logs a batch of videos as one animated image; `format="mp4"` is smaller, needs an ffmpeg, and does
        not show in TensorBoard.
        """
        self._log(encoders.images.video(tag, vid_tensor, fps, dataformats, format), global_step, walltime)

    @forgiving
    def add_audio(
        self,
        tag: str,
        snd_tensor: Any,
        global_step: Any = None,
        sample_rate: int = 44100,
        walltime: float | None = None,
    ) -> None:
        """Logs audio from -1 to 1 (clipped), mono or stereo."""
        self._log(encoders.audio.audio(tag, snd_tensor, sample_rate), global_step, walltime)

    @forgiving
    def add_text(
        self, tag: str, text_string: str, global_step: Any = None, walltime: float | None = None
    ) -> None:
        """Logs a text, which may be Markdown."""
        self._log(encoders.text.text(tag, text_string), global_step, walltime)

    # Models and points

    @forgiving
    def add_graph(
        self,
        model: Any,
        input_to_model: Any = None,
        verbose: bool = False,
        use_strict_trace: bool | None = None,
    ) -> None:
        """Logs a model's graph, recorded in one forward pass, here and now: see `plugins.graphs.encode.graph`
        for what is a model and an input. `use_strict_trace=True` refuses a model that returns a dict.
        """
        graph, run_metadata = encoders.graphs.graph(model, input_to_model, verbose, use_strict_trace)
        self._log_event(graph_def=graph, tagged_run_metadata=run_metadata)

    @forgiving
    def add_onnx_graph(self, prototxt: Any = None, *, onnx_model_file: Any = None) -> None:
        """Logs the graph of an ONNX file."""
        model = prototxt if onnx_model_file is None else onnx_model_file
        self._log_event(graph_def=encoders.graphs.onnx_graph(model))

    @forgiving
    def add_openvino_graph(self, xmlname: Any) -> None:
        """Logs the graph of an OpenVINO model's `.xml` file."""
        self._log_event(graph_def=encoders.graphs.openvino_graph(xmlname))

    @forgiving
    def add_embedding(
        self,
        mat: Any,
        metadata: Any = None,
        label_img: Any = None,
        global_step: Any = None,
        tag: str = "default",
        metadata_header: Sequence[str] | None = None,
    ) -> None:
        """Logs points in many dimensions (N×D) with labels and images; embeddings of other tags and steps
        stay. A small one's files are there when the call returns, as the peers' are.
        """
        self._write_files(
            encoders.projector.embedding(mat, metadata, label_img, global_step, tag, metadata_header)
        )

    @forgiving
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
        self._log(encoders.mesh.mesh(tag, vertices, colors, faces, config_dict), global_step, walltime)

    @forgiving
    def add_tensor(
        self, tag: str, tensor: Any, global_step: Any = None, walltime: float | None = None
    ) -> None:
        """Logs an array as it is."""
        self._log(encoders.tensor.tensor(tag, tensor), global_step, walltime)

    # Curves and charts

    @forgiving
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
        deferred = encoders.pr_curves.pr_curve(tag, labels, predictions, num_thresholds, weights)
        self._log(deferred, global_step, walltime)

    @forgiving
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
        deferred = encoders.pr_curves.pr_curve_raw(tag, *counts, precision, recall, num_thresholds, weights)
        self._log(deferred, global_step, walltime)

    @forgiving
    def add_custom_scalars_multilinechart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Lays out a chart with a line for each tag (regular expressions)."""
        self._log(encoders.custom_scalars.multiline(tags, category, title, self._charts))

    @forgiving
    def add_custom_scalars_marginchart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Lays out a chart with a band: `tags` are value, lower and upper."""
        self._log(encoders.custom_scalars.margin(tags, category, title, self._charts))

    @forgiving
    def add_custom_scalars(self, layout: Mapping[str, Any]) -> None:
        """Lays out charts: `{category: {title: ["Multiline" or "Margin", tags]}}`."""
        self._log(encoders.custom_scalars.layout(layout, self._charts))

    @forgiving
    def add_hparams(
        self,
        hparam_dict: Mapping[str, Any],
        metric_dict: Mapping[str, Any],
        hparam_domain_discrete: Any = None,
        run_name: Any = None,
        global_step: Any = None,
        *,
        name: Any = None,
    ) -> None:
        """Logs hyperparameters and the metrics they led to, in a run of their own below `log_dir`.

        Args:
            hparam_dict: names to booleans, numbers and strings; anything else is kept as text. A dataclass or
                argparse's `Namespace` will do.
            metric_dict: tags to numbers. None is left out, with one warning.
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
        given = self._without_none("add_hparams", check_mapping(metric_dict, "metric_dict"))
        metrics = self._metrics(given)
        values = encoders.hparams.hparams(hparam_dict, metrics, hparam_domain_discrete).encode()
        if not isinstance(name, os.PathLike):
            name = check_tag("" if name is None else name, "name")
        session = as_file_name(os.fspath(run_name or name)) or str(time.time())
        file, wall_time = self._session_file(session), time.time()

        def write() -> None:
            for value in values:
                file.write_values(step, wall_time, [value])
            for tag, number in metrics.items():
                file.write_scalar(tag, number, step, wall_time)
            file.close()

        self._submit(file, "hyperparameters", write, 1000, "hparams")

    # Within

    def _metrics(self, metric_dict: Mapping[str, Any]) -> dict[str, float]:
        """Tags to numbers, without those that are left out."""
        metrics = {}
        for tag, value in metric_dict.items():
            try:
                metrics[tag] = scalars.as_float(value, f"metric_dict[{tag!r}]")
            except (WrongType, WrongValue) as error:
                if self.strict:
                    raise
                self._leave_out("add_hparams", tag, error)
        return metrics

    def _session_file(self, name: str) -> EventWriter:
        logdir = self._main_file().logdir
        return self._files.open(f"{logdir}/{name}" if self._files.uploader else Path(logdir, name))

    def _log_event(self, **fields: bytes) -> None:
        """Writes fields of `Event` itself, one event each."""
        file = self._main_file()
        step, wall_time = self._when(None, None)
        for name, message in fields.items():
            file.write(event.encode_event(wall_time, step, **{name: message}))

    def _write_files(self, files: DeferredFiles) -> None:
        """Writes files beside the event files. Small ones stand when the call returns, as the peers' do."""
        file = self._main_file()
        if not self._write_to_disk:
            return
        logdir, uploader = self._files.local(file.logdir), self._files.uploader

        def write() -> None:
            if uploader is not None:
                uploader.download(files.updates)
            files.write(logdir)

        prompt = files.nbytes <= _SMALL_BYTES and uploader is None and self._queue.idle
        self._submit(file, files.name, write, files.nbytes, "files")
        if prompt:
            self._queue.drain(Patience(_SMALL_PATIENCE_S))
