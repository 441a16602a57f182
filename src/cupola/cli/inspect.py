"""`cupola inspect LOGDIR`: what is in there, in words or as JSON, without a server."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from cupola.cli import UsageError, count, printable, say
from cupola.index.directory import is_event_file
from cupola.index.roots import Root


def inspect(arguments: Sequence[str]) -> int:
    """Prints what log directories hold. Returns the exit status: 1 if there is nothing."""
    from cupola.cli.logdirs import roots_of
    from cupola.cli.options import inspect_parser

    options = inspect_parser().parse(arguments)
    if options.event_file:
        document = _describe_file(Path(options.event_file).expanduser(), options.tag)
    else:
        roots = roots_of(options)
        if not roots:
            raise UsageError("no log directory given; wanted `cupola inspect LOGDIR`")
        document = describe(roots, options.tag)
    printed = say(json.dumps(document, indent=2, ensure_ascii=False) if options.json else _text(document))
    return 2 if not printed else 0 if document["runs"] else 1


def _describe_file(path: Path, tag: str | None) -> dict[str, Any]:
    """One event file as a document: it is the only file of a directory, by a link."""
    if not path.is_file():
        raise UsageError(f"{path} is {'no file' if path.exists() else 'not there'}; wanted an event file")
    if not is_event_file(path.name):
        raise UsageError(f"{path} is no event file: its name has no `tfevents` in it")
    with tempfile.TemporaryDirectory(prefix="cupola-inspect-") as folder:
        (Path(folder) / path.name).symlink_to(path.absolute())
        return {**describe([Root(folder)], tag), "logdir": str(path.absolute())}


def describe(logdir: str | os.PathLike[str] | Sequence[Root], tag: str | None = None) -> dict[str, Any]:
    """All that log directories hold as a document: `{"logdir", "runs": [{"run", "start", "files", "bytes",
    "series": […], "damage": […]}]}`.

    Raises:
        UsageError: one of them cannot be read.
    """
    from cupola.index.local import LocalProvider
    from cupola.plugins import plugins

    provider = LocalProvider(logdir, plugins().values())
    provider.load()
    for source in provider.sources():
        if source.problem:
            meant = f"; there is {' and '.join(source.similar)}" if source.similar else ""
            reason = f": {source.reason.lower()}" if source.reason else ""
            what = "is not there" if source.problem == "missing" else "cannot be read"
            raise UsageError(f"{source.location} {what}{reason}; wanted the directory with the runs{meant}")
    series: dict[str, list[dict[str, Any]]] = {}
    for info in provider.series(tag=tag):
        series.setdefault(info.key.run, []).append(
            {
                "plugin": info.key.plugin,
                "tag": info.key.tag,
                "kind": info.data_class.value,
                "count": info.count,
                "first_step": info.first_step,
                "last_step": info.last_step,
            }
        )
    runs = [
        {
            "run": run.name,
            "start": _date(run.start_wall_time),
            "files": run.files,
            "bytes": run.bytes,
            "series": sorted(series.get(run.name, ()), key=lambda entry: entry["plugin"]),
            "damage": [
                {"file": entry.file, "offset": entry.offset, "length": entry.length, "reason": entry.reason}
                for entry in run.damage
            ],
        }
        for run in provider.runs()
    ]
    return {"logdir": provider.location, "runs": runs}


def _date(wall_time_s: float) -> str | None:
    try:
        return datetime.fromtimestamp(wall_time_s, timezone.utc).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # NaN, or a year that dates do not have
        return None


def _text(document: dict[str, Any]) -> str:
    runs = document["runs"]
    every = [entry for run in runs for entry in run["series"]]
    damaged = sum(len(run["damage"]) for run in runs)
    lines = [
        f"{document['logdir']}: {count(len(runs), 'run')}, {count(len(every), 'series')}, "
        f"{count(sum(entry['count'] for entry in every), 'point')}, {count(damaged, 'damaged place')}"
    ]
    names = max((len(entry["plugin"]) for entry in every), default=0)
    tags = min(max((len(entry["tag"]) for entry in every), default=0), 48)
    counts = max((len(f"{entry['count']:,}") for entry in every), default=0)
    for run in runs:
        started = f", started {run['start']}" if run["start"] else ""
        lines += ["", f"{run['run']}  ({count(run['files'], 'file')}, {run['bytes']:,} bytes{started})"]
        for entry in run["series"]:
            steps = f"steps {entry['first_step']} to {entry['last_step']}"
            plugin = entry["plugin"] or "(unknown)"
            lines.append(
                f"  {plugin:{names}}  {printable(entry['tag']):{tags}}  {entry['count']:>{counts},}  {steps}"
            )
        for entry in run["damage"]:
            place = (
                f" at byte {entry['offset']}, {count(entry['length'], 'byte')} skipped"
                if entry["length"]
                else ""
            )
            mark = "warning" if entry["reason"].startswith("writer") else "damaged"
            lines.append(f"  {mark}: {printable(entry['file'])}{place}: {printable(entry['reason'])}")
    return "\n".join(lines)
