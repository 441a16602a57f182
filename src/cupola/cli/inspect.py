"""`cupola inspect LOGDIR`: what is in there, in words or as JSON, without a server."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from cupola.cli import fail, say


def inspect(arguments: Sequence[str]) -> int:
    """Prints what a log directory holds. Returns the exit status: 1 if there is nothing."""
    from cupola.cli.options import inspect_parser

    options = inspect_parser().parse_args(arguments)
    logdir = options.directory or options.logdir
    if not logdir:
        return fail("no log directory given; wanted `cupola inspect LOGDIR`")
    path = Path(logdir).expanduser()
    if not path.is_dir():
        return fail(
            f"{path} is {'a file' if path.exists() else 'not there'}; wanted the directory with the runs"
        )
    document = describe(path, options.tag)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # tags are any text
    printed = say(json.dumps(document, indent=2, ensure_ascii=False) if options.json else _text(document))
    return 2 if not printed else 0 if document["runs"] else 1


def describe(path: Path, tag: str | None = None) -> dict[str, Any]:
    """The whole directory as a document: `{"logdir", "runs": [{"run", "start", "files", "bytes", "series":
    […], "damage": […]}]}`.
    """
    from cupola.index.local import LocalProvider
    from cupola.plugins import plugins

    provider = LocalProvider(path, plugins().values())
    provider.load()
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
    return {"logdir": str(path), "runs": runs}


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
        f"{document['logdir']}: {_count(len(runs), 'run')}, {_count(len(every), 'series')}, "
        f"{_count(sum(entry['count'] for entry in every), 'point')}, {_count(damaged, 'damaged place')}"
    ]
    names = max((len(entry["plugin"]) for entry in every), default=0)
    tags = min(max((len(entry["tag"]) for entry in every), default=0), 48)
    counts = max((len(f"{entry['count']:,}") for entry in every), default=0)
    for run in runs:
        started = f", started {run['start']}" if run["start"] else ""
        lines += ["", f"{run['run']}  ({_count(run['files'], 'file')}, {run['bytes']:,} bytes{started})"]
        for entry in run["series"]:
            steps = f"steps {entry['first_step']} to {entry['last_step']}"
            plugin = entry["plugin"] or "(unknown)"
            lines.append(
                f"  {plugin:{names}}  {_line(entry['tag']):{tags}}  {entry['count']:>{counts},}  {steps}"
            )
        for entry in run["damage"]:
            place = (
                f" at byte {entry['offset']}, {_count(entry['length'], 'byte')} skipped"
                if entry["length"]
                else ""
            )
            mark = "warning" if entry["reason"].startswith("writer") else "damaged"
            lines.append(f"  {mark}: {_line(entry['file'])}{place}: {_line(entry['reason'])}")
    return "\n".join(lines)


def _line(text: str) -> str:
    """Text of a log as one line that cannot command a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 or noun.endswith('s') else 's'}"
