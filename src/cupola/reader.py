"""`cupola.open(logdir)`: a log directory in a notebook or a script, every point of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cupola.errors import LogdirError, UnknownSeries
from cupola.index.files import check_logdir
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.types import Damage, DataClass, Numbers, ScalarColumns, SeriesKey, Steps, WallTimes

if TYPE_CHECKING:
    import pandas


def open(logdir: str | os.PathLike[str]) -> Log:
    """Everything in a log directory, as it is now.

    Args:
        logdir: the directory that holds the runs.

    Raises:
        LogdirError: there is no such directory, or it is an address of another kind (`s3://…`).
    """
    return Log(logdir)


@dataclass(frozen=True)
class Frame:
    """Scalar points as a tidy table: columns of one length, a row for each point, series after series."""

    run: NDArray[np.object_]
    tag: NDArray[np.object_]
    step: Steps
    wall_time: WallTimes
    """Seconds since 1970 UTC."""
    value: Numbers

    def __len__(self) -> int:
        return len(self.step)

    def __iter__(self) -> Iterator[tuple[str, str, int, float, float]]:
        """Rows (run, tag, step, wall_time, value)."""
        columns = (self.run, self.tag, self.step, self.wall_time, self.value)
        return zip(*(column.tolist() for column in columns), strict=True)

    def __repr__(self) -> str:
        return f"Frame({len(self)} points of {len(set(zip(self.run, self.tag, strict=True)))} series)"

    def to_pandas(self) -> pandas.DataFrame:
        """The same as a `pandas.DataFrame` with the columns run, tag, step, wall_time, value.

        Raises:
            ImportError: pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise ImportError(
                "pandas is not installed; `pip install pandas`, or use the columns as they are"
            ) from None
        return pandas.DataFrame(
            {name: getattr(self, name) for name in ("run", "tag", "step", "wall_time", "value")}
        )


class Log:
    """A log directory as it was when it was opened or last refreshed."""

    def __init__(self, logdir: str | os.PathLike[str]) -> None:
        """What `cupola.open` does.

        Args:
            logdir: the directory that holds the runs.

        Raises:
            LogdirError: there is no such directory, or it is an address of another kind (`s3://…`).
        """
        check_logdir(logdir)
        path = Path(logdir).expanduser()
        if not path.exists():
            raise LogdirError(f"{path} is not there; wanted the directory that holds the runs")
        self._provider = LocalProvider(path, plugins().values())
        self.refresh()

    def __repr__(self) -> str:
        return f"Log({self._provider.location!r}, {len(self.runs)} runs)"

    def refresh(self) -> None:
        """Reads what was added since."""
        self._provider.load()

    @property
    def runs(self) -> list[str]:
        """Names of all runs in natural order."""
        return [run.name for run in self._provider.runs()]

    @property
    def damage(self) -> dict[str, tuple[Damage, ...]]:
        """What could not be read, by run; empty if all could."""
        return {run.name: run.damage for run in self._provider.runs() if run.damage}

    def tags(self, plugin: str = "scalars", run: str | None = None) -> list[str]:
        """Tags of a kind of summary in natural order, of all runs or of one.

        Args:
            plugin: the kind of summary, `scalars`, `images` …
            run: its name; None is all runs.

        Raises:
            UnknownSeries: there is no such run.
        """
        self._check_run(run)
        found = self._provider.series(plugin, runs=None if run is None else (run,))
        return list(dict.fromkeys(info.key.tag for info in found))

    def scalars(self, run: str | None = None, tag: str | None = None) -> Frame:
        """Every scalar point, of all runs and tags or only of those asked for.

        Args:
            run: its name; None is all runs.
            tag: its name; None is all tags.

        Raises:
            UnknownSeries: there is no such run, or no such tag in it.
        """
        self._check_run(run)
        runs = None if run is None else (run,)
        found = self._provider.series("scalars", tag=tag, runs=runs)
        keys = [info.key for info in found if info.data_class is DataClass.SCALAR]
        if not keys and tag is not None:
            place = "any run" if run is None else f"the run {run!r}"
            raise UnknownSeries(f"no scalars under the tag {tag!r} in {place}; see Log.tags()")
        return _frame([(key, self._provider.scalars(key)) for key in keys])

    def _check_run(self, run: str | None) -> None:
        if run is not None and run not in self.runs:
            raise UnknownSeries(f"no run {run!r} in {self._provider.location}; see Log.runs")


def _frame(series: list[tuple[SeriesKey, ScalarColumns]]) -> Frame:
    counts = [len(columns.step) for _, columns in series]

    def column(arrays: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
        return np.concatenate(arrays) if arrays else np.empty(0, dtype)

    return Frame(
        run=np.repeat(np.array([key.run for key, _ in series], np.object_), counts),
        tag=np.repeat(np.array([key.tag for key, _ in series], np.object_), counts),
        step=column([columns.step for _, columns in series], np.int64),
        wall_time=column([columns.wall_time for _, columns in series], np.float64),
        value=column([columns.value for _, columns in series], np.float32),
    )
