"""The nouns that every layer speaks of. See docs/vocabulary.md."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:  # the server answers before NumPy is loaded
    import numpy as np
    from numpy.typing import NDArray

Steps: TypeAlias = "NDArray[np.int64]"
WallTimes: TypeAlias = "NDArray[np.float64]"
Sizes: TypeAlias = "NDArray[np.int64]"
Numbers: TypeAlias = "NDArray[np.floating[Any]]"


class DataClass(enum.Enum):
    """How the points of a time series are stored."""

    SCALAR = "scalar"
    """A number in memory."""
    BLOB = "blob"
    """Bytes that stay where they are and are read on demand, by key."""
    ASSET = "asset"
    """A file that lies beside the event files; the tag is its path below the run's directory."""


class SeriesKey(NamedTuple):
    """What names a time series. One tag may be several plugins' (torch lets `x` be scalar and histogram)."""

    run: str
    plugin: str
    tag: str


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """What is known of a time series without reading a value."""

    key: SeriesKey
    data_class: DataClass
    count: int
    first_step: int
    last_step: int
    last_wall_time: float
    metadata: bytes
    """`SummaryMetadata` of the first value, encoded; empty in files older than metadata."""


class ScalarColumns(NamedTuple):
    """Points of a scalar series in the order of the run's files: equal lengths, read-only views."""

    step: Steps
    wall_time: WallTimes
    value: Numbers
    """float32, or float64 where the writer kept doubles."""


class BlobColumns(NamedTuple):
    """Points of a blob series, unread, in the order of the run's files: equal lengths, read-only arrays."""

    step: Steps
    wall_time: WallTimes
    size: Sizes
    """Bytes of each value."""
    key: Sequence[str]
    """What `DataProvider.read` takes: the identity of a point. See there."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of an event file that could not be read, and why."""

    file: str
    """Base name of the event file, or of the directory that could not be listed."""
    offset: int
    length: int
    """Bytes skipped; 0 if the extent is not known."""
    reason: str
    """A word of `DAMAGE_REASONS`; for `io`, `link` and `writer` a message follows a colon."""


DAMAGE_REASONS = (
    "length-crc",  # the record's length did not fit its CRC: searched for the next good record
    "data-crc",  # the record's payload did not fit its CRC: one record lost
    "event",  # the payload is not an Event
    "value",  # one value in it is not what its form says (a scalar tensor without a number, say)
    "io",  # the operating system refused: "io: Permission denied"
    "link",  # "link: leaves the log directory; ...": how far a symbolic link is followed, and why no further
    "writer",  # what the writer says that it lost: "writer: 12 events were dropped so far: ..."
)


@dataclass(frozen=True, slots=True)
class Divergence:
    """A scalar series that ends in NaN or infinities."""

    tag: str
    step: int
    """Of the first point of that end: no later one is finite."""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One directory of event files."""

    name: str
    """Path relative to the log directory with `/`; `.` for the log directory itself."""
    start_wall_time: float
    """Wall time of the first event, or of a point that was given an earlier one; NaN if there is none yet."""
    last_wall_time: float
    """Largest wall time of its points; NaN if it has none."""
    last_growth: float
    """When it was last seen to grow, in seconds since 1970 UTC by this machine's clock; of what was there at
    the start, when it was last modified. NaN where nobody knows.
    """
    points: int
    """Of all of its series."""
    files: int
    bytes: int
    damage: tuple[Damage, ...]
    diverged: Divergence | None
    """Of the series that end without a finite value, the one that does so from the smallest step on."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that a provider reads from: a log directory."""

    name: str
    """What the names of its runs begin with (`<name>/<path below>`); empty where they are the path alone."""
    location: str
    """What a person calls it: its absolute path, or a pattern of such."""
    problem: str
    """`missing`, `unreadable`, or empty if there is none."""
    reason: str
    """What the system says of the problem, if it says something."""
    similar: tuple[str, ...]
    """Of what is missing: locations that may have been meant."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a storage was read, as counts of a moment."""

    files: int
    """Event files that are known; more may be found while directories are still listed."""
    files_read: int
    """Those of them that were read to their end once."""
    bytes: int
    """Size of all of them."""
    bytes_read: int
    points: int
    """Points of all series."""
    runs: int
    elapsed_s: float
    """Since the reading began."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new since a cursor."""

    cursor: int
    structure: bool
    """A run, a tag or damage came or went: ask for `runs` and `series` anew."""
    series: frozenset[SeriesKey]
    """Series with new points. A series that is new too appears here and sets `structure`."""
