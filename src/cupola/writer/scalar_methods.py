"""`add_scalar` and `add_scalars`: the calls that the training loop waits for.

The native `scalar` of the open file takes plain arguments and nothing else happens. What it refuses (other
types, a style, a closed file) goes through `_log_scalar`, once: check, take the number or start its copy, and
write, or queue behind those of the same series that are still on their way.
"""

from __future__ import annotations

import json
import time
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cupola.errors import WrongType
from cupola.plugins.scalars import encode as scalars
from cupola.plugins.scalars.encode import PLAIN, ScalarStyle
from cupola.values.arguments import as_file_name, check_tag
from cupola.values.describe import describe, describe_type
from cupola.writer.encode_queue import Job
from cupola.writer.event_writer import EventWriter
from cupola.writer.forgiving import forgives
from cupola.writer.lifecycle import Curve, Lifecycle
from cupola.writer.untraced import untraced

_POINT_BYTES = 100
"""About what a point takes while it waits."""


class _Point(NamedTuple):
    """Where a number belongs."""

    file: EventWriter
    tag: str
    step: int
    wall_time: float
    style: ScalarStyle
    history: array[float] | None
    """For `export_scalars_to_json`: wall time, step and number, one after the other."""

    def write(self, number: float) -> None:
        if self.style == PLAIN:
            self.file.write_scalar(self.tag, number, self.step, self.wall_time)
        else:
            value = scalars.scalar(self.tag, number, self.style)
            self.file.write_values(self.step, self.wall_time, [value])
        if self.history is not None:
            self.history.extend((self.wall_time, self.step, number))


def _style(
    new_style: bool | str, double_precision: bool | str, display_name: str, description: str
) -> ScalarStyle:
    """The style of a call in either peer's order of arguments."""
    if isinstance(new_style, str):
        display_name, new_style = new_style or display_name, False
    if isinstance(double_precision, str):
        description, double_precision = double_precision or description, False
    display_name = check_tag(display_name, "display_name")
    description = check_tag(description, "summary_description")
    return ScalarStyle(bool(new_style), bool(double_precision), display_name, description)


@untraced
class ScalarMethods(Lifecycle):
    """The methods of `SummaryWriter` that log numbers."""

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
        plain = not (new_style or double_precision or display_name or summary_description)
        if plain and not self._detour:
            write = self._scalar  # called as a method it would be looked for in the classes first
            if write(tag, scalar_value, global_step, walltime):
                return
            number = scalars.as_float_or_none(scalar_value)
            if number is not None and write(tag, number, global_step, walltime):
                return
        named = (display_name, summary_description)
        style = PLAIN if plain else _style(new_style, double_precision, *named)
        self._log_scalar(self._main_file(), tag, scalar_value, global_step, walltime, style)

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
            tag_scalar_dict: keys to numbers. None is left out, with one warning.
            global_step: their step.
            walltime: seconds since 1970; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        try:
            if walltime is None:
                walltime = self._defaults[1] or time.time()
            group = self._groups.get(main_tag) if type(main_tag) is str else None
            if group is None or type(tag_scalar_dict) is not dict:
                group = self._group(main_tag, tag_scalar_dict)
            for key, value in tag_scalar_dict.items():
                curve = group.get(key) or self._curve(group, main_tag, key)
                if curve is None:
                    continue
                file, history = curve
                number = value if isinstance(value, (float, int)) else scalars.as_float_or_none(value)
                write = file.scalar  # see add_scalar
                if number is None or self._detour or not write(main_tag, number, global_step, walltime):
                    self._log_one_of(curve, main_tag, key, value, global_step, walltime)
                else:
                    history.extend((walltime, global_step or 0, number))
        except Exception as error:
            if not forgives(self, error):
                raise
            self._leave_out("add_scalars", main_tag, error)

    def export_scalars_to_json(self, path: Any) -> None:
        """Writes what `add_scalars` logged since the last export: `{run's directory: [[wall time, step,
        value], ...]}`.

        Args:
            path: the file, made anew.

        Raises:
            OSError: it cannot be written.
        """
        Path(path).write_text(json.dumps(self.scalar_dict))
        # The groups hold the arrays, too; no call in between, in which a signal handler may log.
        histories: dict[str, array[float]] = {directory: array("d") for directory in list(self._history)}
        self._history, self._groups = histories, {}

    @property
    def scalar_dict(self) -> dict[str, list[list[float]]]:
        """What `export_scalars_to_json` would write."""
        return {
            directory: [
                [wall_time, int(step), value]
                for wall_time, step, value in zip(*[iter(points)] * 3, strict=True)
            ]
            for directory, points in list(self._history.items())
            if points
        }

    def _log_scalar(
        self,
        file: EventWriter,
        tag: str,
        scalar_value: Any,
        global_step: Any,
        walltime: Any,
        style: ScalarStyle = PLAIN,
        history: array[float] | None = None,
        name: str = "scalar_value",
    ) -> None:
        try:
            self._log_number(file, tag, scalar_value, global_step, walltime, style, history, name)
        except Exception as error:
            if not forgives(self, error):
                raise
            self._leave_out("add_scalar" if history is None else "add_scalars", tag, error, file)

    def _log_number(
        self,
        file: EventWriter,
        tag: str,
        scalar_value: Any,
        global_step: Any,
        walltime: Any,
        style: ScalarStyle,
        history: array[float] | None,
        name: str,
    ) -> None:
        point = _Point(file, check_tag(tag), *self._when(global_step, walltime), style, history)
        series = (file, tag)
        pending = scalars.start_copy(scalar_value, name)
        if pending is not None:
            self._detour = True  # what is logged of this series from now on has to queue behind it
        else:
            number = scalars.as_float(scalar_value, name)
            if not self._queue.is_waiting(series):
                self._detour = self._queue.has_waiting or self._defaults != (None, None)
                return point.write(number)
            pending = lambda: number  # noqa: E731
        self._queue.submit(
            Job(repr(tag), lambda: point.write(pending()), _POINT_BYTES, file, "scalars", series),
            now=file.is_sent_elsewhere,
        )

    def _log_one_of(
        self, curve: Curve, main_tag: str, key: str, value: Any, global_step: Any, walltime: Any
    ) -> None:
        """A number of `add_scalars` that the native `scalar` did not take."""
        if value is None:
            self._without_none("add_scalars", {key: None})
            return
        name = f"tag_scalar_dict[{key!r}]"
        self._log_scalar(curve.file, main_tag, value, global_step, walltime, PLAIN, curve.history, name)

    def _group(self, main_tag: str, tag_scalar_dict: Mapping[str, Any]) -> dict[str, Curve]:
        main_tag = check_tag(main_tag, "main_tag")
        if not isinstance(tag_scalar_dict, Mapping):
            seen = describe_type(tag_scalar_dict)
            raise WrongType(f"tag_scalar_dict is {seen}; wanted a dict of names to numbers")
        return self._groups.setdefault(main_tag, {})

    def _curve(self, group: dict[str, Curve], main_tag: str, key: str) -> Curve | None:
        """The curve of a key; None if it is left out."""
        if not isinstance(key, str):
            error = WrongType(
                f"tag_scalar_dict has the key {describe(key)} {describe_type(key)}; wanted strings"
            )
            if self.strict:
                raise error
            self._leave_out("add_scalars", main_tag, error)
            return None
        main_tag, key = as_file_name(main_tag), as_file_name(key)
        directory = self._group_directory(self._main_file().logdir, main_tag, key)
        file = self._files.of(directory)
        return group.setdefault(key, Curve(file, self._history.setdefault(file.logdir, array("d"))))

    def _group_directory(self, logdir: str, main_tag: str, key: str) -> str:
        return f"{logdir}/{main_tag.replace('/', '_')}_{key}"
