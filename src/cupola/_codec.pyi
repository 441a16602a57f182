"""The native codec: bytes of event files, nothing of plugins. Built from codec/."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Buffer

CRC_IMPLEMENTATION: str
"""Which CRC-32C is in use: `sse4.2`, `armv8` or `portable`."""

def crc32c(data: Buffer, crc: int = 0, /) -> int:
    """CRC-32C of the bytes, going on from `crc`."""

def crc32c_portable(data: Buffer, crc: int = 0, /) -> int:
    """The same without the CPU's instruction: what `crc32c` is where `CRC_IMPLEMENTATION` says `portable`."""

def masked_crc32c(data: Buffer, /) -> int:
    """CRC-32C in TFRecord's mask."""

def frame(payload: Buffer, /) -> bytes:
    """The payload as one TFRecord: length, its CRC, payload, its CRC."""

class SeriesChunk:
    """Points of one (tag, form) in a `Chunk`; form: a `Summary.Value` oneof field, 0 for metadata only."""

    @property
    def tag(self) -> str:
        """Not UTF-8? Then with backslash escapes."""
    @property
    def form(self) -> int:
        """Negative: minus the number of a field of `Event` itself (-4 graph_def, -8 tagged_run_metadata),
        where `tag` is empty.
        """
    @property
    def metadata(self) -> bytes:
        """`SummaryMetadata` of the first value in this file of this tag and form; empty if it had none."""
    @property
    def is_scalar(self) -> bool: ...
    @property
    def is_wide(self) -> bool:
        """Whether `value` is float64."""
    def __len__(self) -> int:
        """Points: one at least."""
    @property
    def first_step(self) -> int: ...
    @property
    def last_step(self) -> int: ...
    @property
    def first_wall_time(self) -> float: ...
    @property
    def last_wall_time(self) -> float: ...
    @property
    def last_value(self) -> float:
        """NaN if not `is_scalar`."""
    @property
    def step(self) -> NDArray[np.int64]:
        """A new array each time: even steps are kept as a first one and a stride."""
    @property
    def wall_time(self) -> NDArray[np.float64]: ...
    @property
    def value(self) -> NDArray[np.floating[Any]]:
        """If `is_scalar`: float32, or float64 if a value of the chunk needs it. Empty else."""
    @property
    def offset(self) -> NDArray[np.int64]:
        """If not `is_scalar`: where the encoded `Summary.Value` (or the event's field) starts in the file.
        Empty else.
        """
    @property
    def length(self) -> NDArray[np.int64]: ...
    @property
    def crc(self) -> NDArray[np.uint32]:
        """If not `is_scalar`: CRC-32C of those bytes, which tells a value from another one written over it.
        Empty else.
        """

class Chunk:
    """What one `scan` found."""

    @property
    def reset(self) -> bool:
        """The file was replaced, truncated or changed before the place that was reached: what earlier chunks
        held is void and this chunk starts at byte 0.
        """
    @property
    def restart_step(self) -> int | None:
        """A SessionLog START stood before this chunk's points: older points of the run from that step on are
        void. A scan stops before the next.
        """
    @property
    def records(self) -> int: ...
    @property
    def first_wall_time(self) -> float:
        """Wall time of the chunk's first event, NaN if there is none."""
    @property
    def series(self) -> list[SeriesChunk]: ...
    @property
    def damage(self) -> list[tuple[int, int, str]]:
        """(offset, bytes skipped, reason of `types.DAMAGE_REASONS`) of what could not be read."""
    @property
    def at_end(self) -> bool:
        """Nothing more can be read now. False: call `scan` again, since the limit was reached or a restart
        follows.
        """

class Scanner:
    """Reads one event file forward, from where it stopped last. Not for two threads at once."""

    def __init__(self, path: str | bytes, /) -> None: ...
    @property
    def offset(self) -> int:
        """Byte up to which the file is read."""
    @property
    def pending(self) -> int:
        """Bytes behind `offset` that are no whole record yet (a truncated tail, which is a state and not an
        error).
        """
    def scan(self, max_bytes: int = 67108864, /) -> Chunk:
        """What is new, up to about `max_bytes` of the file. Releases the GIL.

        Raises:
            OSError: open, stat or read failed; the next call tries again from the same place.
        """

def bucket(
    x: NDArray[np.float64], value: NDArray[np.floating[Any]], low: float, high: float, width: int, /
) -> NDArray[np.int64]:
    """Indices to draw of a series over [low, high] in `width` pixels: of each pixel's points the smallest and
    the largest value, in the order of the points, and the nearest neighbours outside on either side (or else
    the series' first and last point). All of them if there are no more than two points per pixel. Where
    values are not finite, also the first and last place in each pixel where a run of NaN, of inf or of -inf
    begins or ends.

    `x` may step backwards, which begins a segment: at most 2 * width + 2 indices each, and what is not
    finite. With more than 16 segments the points are sorted by x first, and the indices are in that order.
    Points whose x is NaN are left out. Releases the GIL.

    Raises:
        ValueError: `x` and `value` differ in length, or the width is no positive number.
    """

def count_bins(
    values: NDArray[np.float32] | NDArray[np.float64], edges: NDArray[np.float64], /
) -> tuple[NDArray[np.int64], int, float, float, float, float]:
    """Counts in bins of edges, exactly `numpy.histogram`'s, and of the finite values how many there are,
    smallest, largest, sum, sum of squares. NaN and infinities are left out of all; values outside the edges
    are in no bin. Without a finite value smallest is inf and largest -inf. Both arrays are contiguous; edges
    are finite, in order, at least two. Releases the GIL.
    """

def interpolate(places: NDArray[Any], x: NDArray[Any], value: NDArray[Any], /) -> NDArray[np.float64]:
    """`numpy.interp(places, x, value, left=nan, right=nan)` for float64 places and x that ascend. ValueError
    where x and value differ in length. Releases the GIL.
    """

def smooth(value: NDArray[np.floating[Any]], weight: float, /) -> NDArray[np.float64]:
    """TensorBoard's debiased exponential moving average over every point: `last = w * last + (1 - w) * x`
    from 0, shown `last / (1 - w**n)` with n the finite points so far. What is not finite passes through, a
    constant series stays as it is, weights are cut to [0, 1]. Releases the GIL.

    Source: tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts, `classicSmoothing`
    """

def smooth_at(
    value: NDArray[np.floating[Any]], weight: float, places: NDArray[np.int64], /
) -> NDArray[np.float64]:
    """`smooth(value, weight)[places]` for ascending places, without memory for the points between. Releases
    the GIL.

    Raises:
        ValueError: the places do not ascend, or are not all in `value`.
    """

class KnnGraph:
    """The k nearest neighbours of each point by Euclidean distance, itself left out: exact by `compare_all`,
    approximate by `plant_tree` and `refine`. The same seed gives the same graph on any number of threads. All
    methods release the GIL. Not for two threads at once. codec/layout/knn_graph.h has the source.
    """

    def __init__(self, points: NDArray[np.float32], k: int, seed: int = 0) -> None:
        """Of N×D points, which must stay as they are; ValueError unless 1 <= k < N."""
    def compare_all(self, begin: int, end: int) -> None:
        """Compares the points of [begin, end) with all."""
    def plant_tree(self) -> None:
        """Compares points that fall into one leaf of a random projection tree."""
    def refine(self) -> int:
        """One round of NN-descent; how many neighbours were replaced by nearer ones."""
    def sorted(self, k: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """N×k indices and squared distances by rising distance; where some were not found the point itself at
        infinity. More than the graph's k are sought among neighbours of neighbours.
        """

def perplexity_weights(squared: NDArray[np.float32], perplexity: float, /) -> NDArray[np.float32]:
    """t-SNE's conditional affinities of N×k squared distances: rows of that perplexity that sum to one."""

def fuzzy_weights(squared: NDArray[np.float32], /) -> NDArray[np.float32]:
    """UMAP's membership strengths, from 0 to 1, of N×k squared distances."""

def symmetrized(
    indices: NDArray[np.int32], weights: NDArray[np.float32], fuzzy: bool, /
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Starts of rows, columns and values of the sparse matrix p + pᵀ, or p + pᵀ - p·pᵀ where `fuzzy`, of a
    k-NN graph's N×k weights.
    """

def repel(y: NDArray[np.float32], theta: float, /) -> tuple[NDArray[np.float32], float]:
    """t-SNE's repulsion Σ q² (y_i - y_j) by Barnes–Hut, where q = 1 / (1 + |y_i - y_j|²), and Z = Σ q."""

def attract(
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    y: NDArray[np.float32],
    with_loss: bool,
    /,
) -> tuple[NDArray[np.float32], float]:
    """t-SNE's attraction Σ p q (y_i - y_j) for each point, and, if wanted, -Σ p log q."""

def distances_from(rows: NDArray[np.float32], origin: int, metric: str, /) -> NDArray[np.float64]:
    """`projector.neighbours.distances` of C-contiguous rows."""

def umap_epoch(
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    every: NDArray[np.float32],
    due: NDArray[np.float32],
    y: NDArray[np.float32],
    epoch: float,
    a: float,
    b: float,
    rate: float,
    negatives: int,
    seed: int,
    /,
) -> int:
    """One epoch of UMAP's gradient descent, which changes `due` and `y`. An edge has its turn every `every`
    epochs, next at `due`. Returns the seed for the next epoch.
    """

class EventWriter:
    """Gives records to event files in a directory from a native thread; safe from any thread.
    codec/write/writer.h says what it promises.
    """

    def __init__(
        self,
        directory: bytes,
        suffix: bytes = b"",
        *,
        interval_s: float = 0.25,
        max_bytes: int = 33554432,
        open_now: bool = True,
        write_through: bool = False,
    ) -> None:
        """Makes the directory and the first file, or with `open_now` False waits for the first record.

        Args:
            directory: its path in the file system's encoding (`os.fsencode`).
            suffix: end of the files' names.
            interval_s: how long a record waits in memory at most, in seconds, while storage works.
            max_bytes: how much waits in memory at most, in bytes.
            write_through: the caller writes and no thread is used.

        Raises:
            OSError: the directory cannot be used. A full disk is not among the reasons.
        """
    @property
    def scalar(self) -> Callable[[Any, Any, Any, Any], bool]:
        """scalar(tag, value, step, wall_time): True if the point was taken care of. False, and nothing done,
        if Python has to look: arguments of other types than (str, float or int, int or None, float or None),
        a warning to take, a closed writer. Hold on to it: it is a C function.
        """
    def event(self, payload: bytes, wait_s: float = 0.008) -> bool | None:
        """Takes an encoded `Event`, or drops and counts it (only one of scalars): True. None, and nothing
        done, if there was no room for `wait_s`. False, and nothing done, if there is a warning to take or the
        writer is closed.
        """
    def drop(self, payload: bytes, /) -> None:
        """Counts an event that was not taken and is given up."""
    def mark(self) -> tuple[int, int]:
        """Everything taken so far: a point for `wait`."""
    def wait(self, mark: tuple[int, int], timeout_s: float) -> bool | None:
        """True once everything before the mark is written, None if that takes longer than `timeout_s`, False
        if storage failed since.
        """
    def close(self, timeout_s: float = 2.0) -> bool:
        """Takes nothing more, writes what is there and closes the file. False if that takes longer than
        `timeout_s`; it goes on then.
        """
    def abandon(self) -> None:
        """Gives up and counts what is not written yet."""
    @property
    def stored_bytes(self) -> int:
        """How much storage has taken so far."""
    def take_warnings(self) -> list[Literal["removal", "failure", "close", "loss"]]:
        """What happened that a person should be told of, each kind once: see `report`."""
    def report(self) -> dict[str, int]:
        """Counts of events `accepted`, `written`, `dropped`, of them `refused` (not accepted), and `in_doubt`
        (written to files whose close failed); of storage's `failures`, of them `close_failures`, and of
        `removals` of the file; last errnos `error` and `close_error`.
        """
    def dropped_by_kind(self) -> dict[str, int]:
        """Counts of dropped events by plugin."""
    def dropped_text(self) -> str:
        """The same in words: `12 scalars, 1 images`."""
    def set_write_through(self) -> None:
        """From now on the caller writes: nothing stays in memory when the process ends."""
    def after_fork(self) -> None:
        """In the child: leaves the parent's file alone; the next record makes a file of the child's own,
        written through.
        """
    @property
    def path(self) -> str:
        """The current file; empty if none was made yet."""

class Turn:
    """One job of a `JobQueue`, from its beginning to its end."""

    def __enter__(self) -> Any:
        """The job; None if there is none, or if it is not for this thread to do now."""
    def __exit__(self, *error: object) -> None:
        """The job is done; it is among the `interrupted` if it ends by an exception."""

class JobQueue:
    """Jobs in the order in which they came, bounded in bytes, and who does them. No method waits, and nothing
    comes in between.
    """

    def __init__(self, max_bytes: int) -> None:
        """Has nothing to do."""
    def put(
        self,
        job: object,
        nbytes: int,
        ring: Callable[[None], object],
        start: Callable[[], object] | None,
        must: bool = False,
    ) -> bool | None:
        """Queues a job.

        Args:
            job: anything.
            nbytes: what it holds in memory.
            ring: called to wake the thread.
            start: called to start a thread if none runs; None where there can be none.
            must: even if there is no room.

        Returns:
            None if there is no room: nothing is queued then. True if a thread does it; False if none can be
            started, and the caller has to see that somebody does.
        """
    def turn(self) -> Turn:
        """A context manager around the next job. One thread at a time does them; it may come back within a
        job, a few times.
        """
    def retire(self) -> bool:
        """Whether the thread may end, since nothing waits; the next job starts another."""
    def pause(self, seconds: float) -> None:
        """No further job begins until `resume`, or for `seconds` if that is never called."""
    def resume(self) -> None:
        """Ends a `pause`."""
    def abandon(self) -> list[Any]:
        """Takes out the jobs that wait, and counts them as done."""
    def interrupted(self) -> list[Any]:
        """The jobs that ended by an exception since the last call."""
    @property
    def is_worker(self) -> bool:
        """Whether this thread is within a job."""
    @property
    def busy(self) -> bool:
        """Whether another thread is within a job."""
    @property
    def running(self) -> bool:
        """Whether there is a thread: `put` has started one that did not retire."""
    @property
    def waiting(self) -> int:
        """How many jobs nobody has begun."""
    @property
    def submitted(self) -> int:
        """How many jobs were ever queued."""
    @property
    def done(self) -> int:
        """How many of those are done."""

def _signal_after(instructions: int, number: int = 2) -> bool:
    """For tests: a signal arrives before the given one of the instructions that this thread executes in the
    functions that it calls from now on; never if that is 0. True if the one before has arrived.
    """

def _shift_wall_clock(seconds: float, /) -> None:
    """For tests: sets the wall clock that the writer sees ahead (or back) by so many seconds."""

def _inject_write_fault(after: int, error: int, times: int = 1, stall_s: float = 0.0) -> None:
    """For tests: the `after`-th write from now on and the `times` - 1 behind it stall, write half and fail
    with errno `error` (0: only stall).
    """

def _inject_close_fault(after: int, error: int, times: int = 1, stall_s: float = 0.0) -> None:
    """For tests: the same for closing an event file."""
