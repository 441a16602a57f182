"""SummaryWriter: what a training script calls.

A method checks its arguments, takes a snapshot and returns; encoding and writing happen on other threads.
Signatures are those of `torch.utils.tensorboard.SummaryWriter` and `tensorboardX.SummaryWriter` together;
where both put different things in one place, the argument's type tells. What each plugin logs is said in
`cupola/plugins/<plugin>/encode.py`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cupola.errors import WrongType, WrongValue
from cupola.plugins.scalars import encode as scalars
from cupola.values.arguments import as_file_name, as_step, check_mapping, check_tag
from cupola.writer import encoders
from cupola.writer.curve_methods import CurveMethods
from cupola.writer.event_writer import EventWriter
from cupola.writer.forgiving import forgiving
from cupola.writer.media_methods import MediaMethods
from cupola.writer.model_methods import ModelMethods
from cupola.writer.scalar_methods import ScalarMethods
from cupola.writer.untraced import untraced


@untraced
class SummaryWriter(ScalarMethods, CurveMethods, MediaMethods, ModelMethods):
    """Logs to event files in `log_dir`, for cupola and TensorBoard alike.

    Storage never raises into these methods and never blocks them: see `EventWriter`. Any thread may call
    them. A forked child and an unpickled copy write to files of their own. A call after `close` opens a new
    file. What each method's `Raises` names is left out, with a warning, where `strict` is False.

    Attributes:
        log_dir: the directory, as it was given; `logdir` is the same.
        file_writer: the peers' `FileWriter` of `log_dir`; None after `close`.
        all_writers: directory to `FileWriter`, those of `add_scalars` too; None after `close`.
    """

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
