"""What the log directory holds, as one JSON document."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from itertools import groupby
from typing import Any

from cupola.errors import DecodeError
from cupola.events.event import SummaryMetadata, decode_metadata
from cupola.http.answers import encode_json
from cupola.provider import DataProvider
from cupola.server.run_states import RunStates
from cupola.types import RunInfo, SeriesInfo


class Catalog:
    """The document of `GET /api/catalog`, made anew only when something changed."""

    def __init__(self, provider: DataProvider) -> None:
        self._provider = provider
        self._lock = threading.Lock()
        self._states = RunStates(provider)
        self._cursor = -1
        self._until = 0.0
        self._document = b""

    def document(self) -> bytes:
        """UTF-8 JSON, see docs/http_api.md."""
        with self._lock:  # many pages that ask at once wait for one answer
            cursor, now = self._provider.changes(max(self._cursor, 0)).cursor, time.time()
            if cursor != self._cursor or now >= self._until:
                self._document, self._until = catalog(self._provider, self._states, cursor, now)
                self._cursor = cursor
            return self._document

    def grown(self, since: float) -> bytes:
        """UTF-8 JSON of the runs that grew, or whose state changed, since a wall time of this machine."""
        now = time.time()
        entries, _ = self._states.entries(self._provider.runs(), now, since)
        return encode_json({"now": now, "runs": entries})


def catalog(provider: DataProvider, states: RunStates, cursor: int, now: float) -> tuple[bytes, float]:
    """The document, and the wall time at which a run's state will have changed by itself; `cursor` was taken
    before anything in it was.

    It is put together as text: as dicts and lists, 100 000 tags would take seconds and 100 MB.
    """
    loading = provider.loading
    plugins: dict[str, list[SeriesInfo]] = {}
    for info in provider.series():
        plugins.setdefault(info.key.plugin, []).append(info)
    runs = provider.runs()  # after the series, so that each one's run is known
    places = {run.name: place for place, run in enumerate(runs)}
    entries, until = states.entries(runs, now)
    members = [
        f'"cursor":{cursor},"now":{now},"loading":{_json(loading)},"logdirs":',
        encode_json([asdict(source) for source in provider.sources()]).decode(),
        ',"runs":',
        encode_json([_run(run) | entry for run, entry in zip(runs, entries, strict=True)]).decode(),
        ',"series":{',
        ",".join(f"{_json(plugin)}:[{_tags(series, places)}]" for plugin, series in sorted(plugins.items())),
    ]
    return "".join(("{", *members, "}}")).encode("utf-8", "replace"), until


def _tags(series: list[SeriesInfo], places: dict[str, int]) -> str:
    """A plugin's tags, of series in the order of tag, then run."""
    entries = []
    for tag, group in groupby(series, key=lambda info: info.key.tag):
        known = [info for info in group if info.key.run in places]  # the others vanished in between
        if not known:
            continue
        said = metadata_of(known[0].metadata)
        entries.append(
            f'{{"tag":{_json(tag)},"display_name":{_json(said.display_name)},"description":{_json(said.description)},'
            f'"runs":{_numbers(places[info.key.run] for info in known)},'
            f'"counts":{_numbers(info.count for info in known)},'
            f'"first_steps":{_numbers(info.first_step for info in known)},'
            f'"last_steps":{_numbers(info.last_step for info in known)}}}'
        )
    return ",".join(entries)


_json = json.JSONEncoder(ensure_ascii=False).encode


def _numbers(numbers: Iterable[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"


@lru_cache(4096)
def metadata_of(encoded: bytes) -> SummaryMetadata:
    """Summary metadata, empty if it cannot be decoded."""
    try:
        return decode_metadata(encoded)
    except DecodeError:
        return SummaryMetadata()


def _run(run: RunInfo) -> dict[str, Any]:
    return {
        "start_wall_time": run.start_wall_time if math.isfinite(run.start_wall_time) else None,
        "files": run.files,
        "bytes": run.bytes,
        "damage": [
            {"file": damage.file, "offset": damage.offset, "length": damage.length, "reason": damage.reason}
            for damage in run.damage
        ],
    }
