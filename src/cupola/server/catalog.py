"""What the log directory holds, as one JSON document."""

from __future__ import annotations

import math
import threading
from functools import lru_cache
from typing import Any

from cupola.errors import DecodeError
from cupola.events.event import SummaryMetadata, decode_metadata
from cupola.plugins.answers import encode_json
from cupola.provider import DataProvider
from cupola.types import RunInfo


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
                self._document = encode_json(catalog(self._provider, cursor))
                self._cursor = cursor
            return self._document


def catalog(provider: DataProvider, cursor: int) -> dict[str, Any]:
    """The document; `cursor` was taken before anything in it was."""
    loading = provider.loading
    series = provider.series()
    runs = provider.runs()  # after the series, so that each one's run is known
    places = {run.name: place for place, run in enumerate(runs)}
    plugins: dict[str, list[dict[str, Any]]] = {}
    for info in series:
        key = info.key
        place = places.get(key.run)
        if place is None:  # it vanished in between
            continue
        tags = plugins.setdefault(key.plugin, [])
        if not tags or tags[-1]["tag"] != key.tag:
            said = metadata_of(info.metadata)
            tags.append(
                {
                    "tag": key.tag,
                    "display_name": said.display_name,
                    "description": said.description,
                    "runs": [],
                    "counts": [],
                    "first_steps": [],
                    "last_steps": [],
                }
            )
        entry = tags[-1]
        entry["runs"].append(place)
        entry["counts"].append(info.count)
        entry["first_steps"].append(info.first_step)
        entry["last_steps"].append(info.last_step)
    return {"cursor": cursor, "loading": loading, "runs": [_run(run) for run in runs], "series": plugins}


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
