"""What routes that answer for series share: which series a body asks for, their place on an x axis, and the
routes of plugins whose points are blobs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.errors import DecodeError, UnknownBlob, UnknownSeries, Unreadable
from cupola.http.answers import blob_response, columns_response, encode_json, json_bytes_response
from cupola.http.requests import ApiError, choice, integer, member, parameter, strings
from cupola.http.routing import post
from cupola.provider import DataProvider
from cupola.types import BlobColumns, ScalarColumns, SeriesInfo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Axis: TypeAlias = Literal["step", "relative", "wall"]

AXES: Final = ("step", "relative", "wall")
"""What may stand along x: the step, seconds since the run's first event, seconds since 1970 UTC."""

MAX_POINTS: Final = 256
"""Most points that one answer describes."""
MAX_READ_BYTES: Final = 64 << 20
"""An answer ends when about so much was read for it."""
MAX_ANSWER_BYTES: Final = 4 << 20
"""An answer ends when it is about so long; the client asks on from `next`."""


def matching(provider: DataProvider, plugin: str, body: Mapping[str, Any]) -> list[SeriesInfo]:
    """The plugin's series of the body's `tag` and `runs` (null: all), in natural order of the runs."""
    tag, runs = member(body, "tag", str), strings(body, "runs")
    return provider.series(plugin, tag=tag, runs=runs)


def with_points(
    provider: DataProvider, series: Iterable[SeriesInfo]
) -> Iterator[tuple[SeriesInfo, BlobColumns]]:
    """Blob series with their points. Those that went away since they were listed are left out, so that a run
    that is removed takes no other along.
    """
    for info in series:
        try:
            points = provider.blobs(info.key)
        except UnknownSeries:
            continue
        yield info, points


def axis(body: Mapping[str, Any]) -> Axis:
    """The x axis that a body asks for; `step` if it says nothing."""
    return cast(Axis, choice(member(body, "x", str, "step"), "x", AXES))


def start_times(provider: DataProvider, runs: Collection[str]) -> dict[str, float]:
    """The wall time at which each of these runs begins, in seconds since 1970 UTC. A run's relative time
    counts from there, of all its tags; runs whose beginning is not known are left out.
    """
    infos = provider.runs(runs)
    return {run.name: run.start_wall_time for run in infos if math.isfinite(run.start_wall_time)}


def x_values(
    columns: ScalarColumns | BlobColumns, axis: Axis, start_wall_time: float | None
) -> NDArray[np.float64]:
    """Every point's place on the x axis, float64.

    Args:
        start_wall_time: where relative time is 0; None stands for 1970.
    """
    import numpy as np

    if axis == "step":
        return columns.step.astype(np.float64)
    return columns.wall_time if axis == "wall" else columns.wall_time - (start_wall_time or 0.0)


def steps_route(provider: DataProvider, plugin: str) -> Route:
    """`POST steps`: where the points of a tag are, unread."""

    def steps(body: Mapping[str, Any]) -> Response:
        series = []
        for info, columns in with_points(provider, matching(provider, plugin, body)):
            series.append(
                {
                    "run": info.key.run,
                    "step": columns.step,
                    "wall_time": columns.wall_time,
                    "key": list(columns.key),
                }
            )
        return columns_response({"tag": body["tag"], "series": series})

    return post("/steps", steps)


def points_route(provider: DataProvider, describe: Callable[[bytes], Mapping[str, Any]]) -> Route:
    """`POST points`: what `describe` says of some keys' blobs, in their order, as many as an answer holds.

    Args:
        describe: makes of an encoded `Summary.Value` what JSON can hold; where it raises `DecodeError` the
            point is answered as damaged.
    """

    def points(body: Mapping[str, Any]) -> Response:
        keys = strings(body, "keys")
        if keys is None:
            raise ApiError("member `keys` is missing; wanted a list of the keys that `steps` gave")
        parts: list[bytes] = []
        answered = read = 0
        for key in keys[:MAX_POINTS]:
            if read > MAX_READ_BYTES or answered > MAX_ANSWER_BYTES:
                break
            size, point = _describe(provider, key, describe)
            parts.append(encode_json({"key": key, **point}))
            read += size
            answered += len(parts[-1])
        following = b"%d" % len(parts) if len(parts) < len(keys) else b"null"
        return json_bytes_response(b'{"points":[%b],"next":%b}' % (b",".join(parts), following))

    return post("/points", points)


def _describe(
    provider: DataProvider, key: str, describe: Callable[[bytes], Mapping[str, Any]]
) -> tuple[int, Mapping[str, Any]]:
    """How many bytes were read, and what is said of them."""
    size = 0
    try:
        value = provider.read(key)
        size = len(value)
        return size, describe(value)
    except (DecodeError, UnknownBlob, Unreadable) as error:
        return size, {"damaged": str(error)}


def sample_endpoint(
    provider: DataProvider,
    name: str,
    samples_of: Callable[[bytes], Sequence[bytes]],
    made_of: Callable[[Request, str, int, bytes], bytes] = lambda request, key, index, data: data,
) -> Callable[[Request], Response]:
    """Of `GET …?key&sample`: the bytes of one file of a point as they were logged, or a range of them.

    Args:
        name: what the file is called when it is downloaded.
        samples_of: the files in an encoded `Summary.Value`.
        made_of: what is answered, of the question, the point's key, the sample's index and its bytes.
    """

    def sample(request: Request) -> Response:
        key, index = parameter(request, "key"), integer(request, "sample", 0)
        samples = samples_of(provider.read(key))
        if index >= len(samples):
            raise ApiError(f"`sample` is {index}; the point has {len(samples)}, counted from 0", 404)
        data = made_of(request, key, index, samples[index])
        return blob_response(data, request=request, name=f"{name}-{key}-{index}")

    return sample
