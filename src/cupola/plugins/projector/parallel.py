"""Work on a matrix in pieces, on all cores.

NumPy lets go of the interpreter lock while it computes. The server gives BLAS one thread (`cupola.cli.blas`):
its own threads wait for each other by spinning, and where other processes want the cores too they take ten
times as long as one.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Final, TypeVar

Place = TypeVar("Place")
Made = TypeVar("Made")

MOST_THREADS: Final = 8
MOST_BYTES: Final = 256 << 20
"""Of what is made and not yet taken."""


def in_order(work: Callable[[Place], Made], places: Iterable[Place], bytes_each: int = 0) -> Iterator[Made]:
    """`work(place)` for each place, computed side by side and given in the places' order, so that sums of it
    do not depend on the number of cores.

    Args:
        work: may run in any thread.
        places: what it is called with.
        bytes_each: of one result: large ones are made one or two at a time.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = min(cores, MOST_THREADS, max(1, MOST_BYTES // max(1, bytes_each)))
    rest = iter(places)
    first = list(islice(rest, 2))
    if threads == 1 or len(first) < 2:
        yield from map(work, first)
        yield from map(work, rest)
        return
    with ThreadPoolExecutor(threads, "cupola-matrix") as pool:
        waiting: deque[Future[Made]] = deque(pool.submit(work, place) for place in first)
        for place in rest:
            if len(waiting) > threads:
                yield waiting.popleft().result()
            waiting.append(pool.submit(work, place))
        while waiting:
            yield waiting.popleft().result()
