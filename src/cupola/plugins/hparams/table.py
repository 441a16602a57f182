"""Sessions as one table: a row for each run, a column for each hyperparameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from cupola.plugins.hparams.decode import Hparam, HparamInfo

MISSING: Final = 0
NUMBER: Final = 1
BOOL: Final = 2
TEXT: Final = 3


def sessions_of(runs: Iterable[str], sessions: Iterable[str]) -> dict[str, str]:
    """The session whose hyperparameters hold for a run, of the runs that have one.

    It is the run itself; else the nearest session above it (`trial/eval` of the session `trial`); else the
    only session directly below it: torch's `add_hparams` writes one into a folder of its own beside the
    curves.
    """
    known = set(sessions)
    below: dict[str, list[str]] = {}
    for name in known:
        below.setdefault(_parent(name), []).append(name)
    found = {}
    for run in runs:
        above: str | None = run
        while above is not None and above not in known:
            above = None if above == "." else _parent(above)
        children = below.get(run, ())
        if above is not None:
            found[run] = above
        elif len(children) == 1:
            found[run] = children[0]
    return found


def _parent(run: str) -> str:
    """The run that a run lies below, whether or not there is one; `.` is the log directory."""
    return run.rpartition("/")[0] or "."


def columns(sessions: list[Mapping[str, Hparam]], infos: Iterable[HparamInfo]) -> list[dict[str, Any]]:
    """A column for each hyperparameter of infos and sessions, in the order of first sight.

    Args:
        sessions: the hyperparameters of each row.
    """
    said: dict[str, HparamInfo] = {}
    for info in infos:
        said.setdefault(info.name, info)
    for session in sessions:
        for name in session:
            said.setdefault(name, HparamInfo(name))
    return [
        {
            "name": name,
            "display_name": info.display_name,
            "description": info.description,
            **_cells([session.get(name) for session in sessions]),
        }
        for name, info in said.items()
    ]


def _cells(values: list[Hparam | None]) -> dict[str, Any]:
    """Each value by its own kind: `is` says which, `number` holds numbers and booleans, `text` and `code`
    text.
    """
    kinds = np.zeros(len(values), np.uint8)
    numbers = np.full(len(values), np.nan)
    codes = np.zeros(len(values), np.uint32)
    texts: dict[str, int] = {}
    for row, value in enumerate(values):
        if isinstance(value, bool):
            kinds[row], numbers[row] = BOOL, value
        elif isinstance(value, float):
            kinds[row], numbers[row] = NUMBER, value
        elif value is not None:
            kinds[row], codes[row] = TEXT, texts.setdefault(value, len(texts))
    present = set(kinds.tolist()) - {MISSING}
    kind = "number" if NUMBER in present else "bool" if present == {BOOL} else "text"
    return {"kind": kind, "is": kinds, "number": numbers, "text": list(texts), "code": codes}
