"""How the log of one run of a program differs from that of another."""

from __future__ import annotations

import re
from pathlib import Path

from tests.frameworks.catalog import Framework
from tests.frameworks.loaded import Log, Series, load

SHOWN = 12


def assert_alike(framework: Framework, peer: Path, ours: Path) -> None:
    """An AssertionError that names the framework, its version and the first series that differ."""
    told = differences(peer, ours, framework.durations)
    shown = "\n".join(told[:SHOWN])
    assert not told, f"{framework.package} {framework.version}: {len(told)} series differ\n{shown}"


def differences(peer: Path, ours: Path, durations: str) -> list[str]:
    """One line for each series, or graph, that TensorBoard does not find alike in both directories.

    Of tags that match `durations` only the steps are compared: their values are times that differ from run
    to run.
    """
    wanted, found = load(peer), load(ours)
    assert wanted.series, f"the peer logged nothing that TensorBoard finds in {peer}"
    return [*_names(wanted, found), *_graphs(wanted, found), *_series(wanted, found, durations)]


def _names(wanted: Log, found: Log) -> list[str]:
    missing = [f"missing: {_name(key)}" for key in wanted.series if key not in found.series]
    return missing + [f"only cupola's: {_name(key)}" for key in found.series if key not in wanted.series]


def _graphs(wanted: Log, found: Log) -> list[str]:
    return [f"a graph on one side only: {run}" for run in sorted(wanted.graphs ^ found.graphs)]


def _series(wanted: Log, found: Log, durations: str) -> list[str]:
    lines = []
    for key in wanted.series.keys() & found.series.keys():
        told = _told(
            wanted.series[key], found.series[key], bool(re.search(durations, key[1])) and durations != ""
        )
        if told:
            lines.append(f"{_name(key)}: {told}")
    return sorted(lines)


def _told(wanted: Series, found: Series, is_duration: bool) -> str:
    if wanted.metadata != found.metadata:
        return f"metadata {_short(wanted.metadata)}, cupola's {_short(found.metadata)}"
    if wanted.steps != found.steps:
        return f"steps {_short(wanted.steps)}, cupola's {_short(found.steps)}"
    unlike = [] if is_duration else [a[0] for a, b in zip(wanted.points, found.points, strict=True) if a != b]
    return f"{len(unlike)} of {len(wanted.points)} values differ, at steps {_short(unlike)}" if unlike else ""


def _name(key: tuple[str, str]) -> str:
    return f"run {key[0]!r}, tag {key[1]!r}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 300 else f"{text[:300]}…"
