"""Every series of every run by what it is asked for by: plugin and tag, or the identity in a blob key."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cupola.index.blob_keys import series_id
from cupola.index.series import Series
from cupola.types import DataClass, SeriesKey


class SeriesIndex:
    """Kept up to date by runs as their series come and go. All methods want the index's lock held."""

    def __init__(self) -> None:
        self._tags: dict[str, dict[str, dict[str, SeriesKey]]] = {}
        """plugin → tag → run."""
        self._by_id: dict[bytes, Series] = {}

    def add(self, series: Series) -> None:
        """A series that is new."""
        self.add_key(series.key)
        if series.data_class is DataClass.BLOB:
            self._by_id[series_id(series.key)] = series

    def remove(self, series: Series) -> None:
        """A series that has no points any more."""
        self.remove_key(series.key)
        if series.data_class is DataClass.BLOB:
            self._by_id.pop(series_id(series.key), None)

    def add_key(self, key: SeriesKey) -> None:
        """A series that is a file."""
        self._tags.setdefault(key.plugin, {}).setdefault(key.tag, {})[key.run] = key

    def remove_key(self, key: SeriesKey) -> None:
        """A series whose file is gone."""
        tags = self._tags[key.plugin]
        runs = tags[key.tag]
        del runs[key.run]
        if not runs:
            del tags[key.tag]
        if not tags:
            del self._tags[key.plugin]

    def find(self, plugin: str | None, tag: str, runs: Collection[str] | None) -> list[SeriesKey]:
        """The series of a tag, in no order; the cost grows with the runs that have it, or are asked for."""
        found: list[SeriesKey] = []
        for name in self._tags if plugin is None else (plugin,):
            known = self._tags.get(name, {}).get(tag, {})
            if runs is None:
                found += known.values()
            else:
                found += (known[run] for run in dict.fromkeys(runs) if run in known)
        return found

    def blob_series(self, series: bytes) -> Series | None:
        """The series that a blob key names."""
        return self._by_id.get(series)

    def __iter__(self) -> Iterator[SeriesKey]:
        for tags in self._tags.values():
            for runs in tags.values():
                yield from runs.values()
