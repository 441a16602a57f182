"""What the log directory holds, as one JSON document."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from itertools import groupby
from typing import Any

from cupola.errors import DecodeError
from cupola.events.event import SummaryMetadata, decode_metadata
from cupola.http.answers import encode_json
from cupola.provider import DataProvider
from cupola.types import RunInfo, SeriesInfo


class Catalog:
    """The document of `GET /api/catalog`, made anew only when something changed."""

    def __init__(self, provider: DataProvider) -> None:
        self._provider = provider
        self._lock = threading.Lock()
        self._cursor = -1
        self._document = b""

    def document(self) -> bytes:
        """UTF-8 JSON, see docs/http_api.md."""
        with self._lock:  # many pages that ask at once wait for one answer
            cursor = self._provider.changes(max(self._cursor, 0)).cursor
            if cursor != self._cursor:
                self._document = catalog(self._provider, cursor)
                self._cursor = cursor
            return self._document


def catalog(provider: DataProvider, cursor: int) -> bytes:
    """The document; `cursor` was taken before anything in it was.

    It is put together as text: as dicts and lists, 100 000 tags would take seconds and 100 MB.
    """
    loading = provider.loading
    plugins: dict[str, list[SeriesInfo]] = {}
    for info in provider.series():
        plugins.setdefault(info.key.plugin, []).append(info)
    runs = provider.runs()  # after the series, so that each one's run is known
    places = {run.name: place for place, run in enumerate(runs)}
    members = [
        f'"cursor":{cursor},"loading":{_json(loading)},"logdirs":',
        encode_json([asdict(source) for source in provider.sources()]).decode(),
        ',"runs":',
        encode_json([_run(run) for run in runs]).decode(),
        ',"series":{',
        ",".join(f"{_json(plugin)}:[{_tags(series, places)}]" for plugin, series in sorted(plugins.items())),
    ]
    return "".join(("{", *members, "}}")).encode("utf-8", "replace")


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
        "run": run.name,
        "start_wall_time": run.start_wall_time if math.isfinite(run.start_wall_time) else None,
        "files": run.files,
        "bytes": run.bytes,
        "damage": [
            {"file": damage.file, "offset": damage.offset, "length": damage.length, "reason": damage.reason}
            for damage in run.damage
        ],
    }
