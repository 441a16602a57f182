"""How each run is doing: growing, silent or finished; since which step it has diverged."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from cupola.plugins.hparams import SESSION_END
from cupola.provider import DataProvider
from cupola.types import RunInfo

GROWING_S: Final = 600.0
"""A run that has not grown for so long is silent: an epoch's end may be the only thing that it logs."""
END_SLACK_S: Final = 10.0
"""Points that a writer may log behind the end of its session: torch's `add_hparams` writes the end first,
then the metrics.
"""


class RunStates:
    """States of a provider's runs, by this machine's clock.

    An event file does not say that its writer has closed. What says so is a session's end (hparams) behind
    which the run logged nothing more; an end that points follow was written too early and counts for
    nothing. Every other run is growing, or silent since it was last seen to grow.
    """

    def __init__(self, provider: DataProvider) -> None:
        self._provider = provider

    def entries(
        self, runs: Iterable[RunInfo], now: float, since: float | None = None
    ) -> tuple[list[dict[str, Any]], float]:
        """What the catalog says of the runs' states, and the wall time at which one changes by itself.

        Args:
            now: wall time, seconds since 1970.
            since: leave out runs that neither grew nor changed their state after this wall time.
        """
        ends = {
            info.key.run: info.last_wall_time for info in self._provider.series("hparams", tag=SESSION_END)
        }
        entries, until = [], math.inf
        for run in runs:
            ended = ends.get(run.name, -math.inf)
            state = state_of(run, ended, now)
            silent_at = run.last_growth + GROWING_S
            if state == "growing" and silent_at > now:
                until = min(until, silent_at)
            if since is None or not max(run.last_growth, silent_at if silent_at <= now else 0) < since:
                entries.append(_entry(run, state))
        return entries, until


def state_of(run: RunInfo, ended: float, now: float) -> str:
    """`finished`, `growing` or `silent`.

    Args:
        ended: wall time of the last end of a session in the run; -inf if there is none.
        now: wall time.
    """
    last = -math.inf if math.isnan(run.last_wall_time) else run.last_wall_time
    if math.isfinite(ended) and last <= ended + END_SLACK_S:
        return "finished"
    return "growing" if now - run.last_growth < GROWING_S else "silent"


def _entry(run: RunInfo, state: str) -> dict[str, Any]:
    diverged = run.diverged
    return {
        "run": run.name,
        "state": state,
        "last_wall_time": _finite(run.last_wall_time),
        "last_growth": _finite(run.last_growth),
        "points": run.points,
        "bytes": run.bytes,
        "diverged": None if diverged is None else {"tag": diverged.tag, "step": diverged.step},
    }


def _finite(time: float) -> float | None:
    return time if math.isfinite(time) else None
