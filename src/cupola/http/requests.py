"""What a request asks: parameters of its URL, members of its JSON body. `ApiError` where it is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from starlette.requests import Request

from cupola.types import SeriesKey

INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1

T = TypeVar("T")


class ApiError(Exception):
    """A request that cannot be answered. The message says what was seen, what was wanted and what to do."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def parameter(request: Request, name: str, default: str | None = None) -> str:
    """The query parameter `name`; without a default it must be there."""
    value = request.query_params.get(name, default)
    if value is None:
        raise ApiError(f"no parameter `{name}`; wanted `?{name}=…`")
    return value


def integer(
    request: Request, name: str, default: int | None = None, *, low: int = 0, high: int = INT64_MAX
) -> int:
    """The query parameter `name` as a whole number in [low, high]."""
    text = parameter(request, name, None if default is None else str(default))
    if not re.fullmatch(r"-?[0-9]{1,19}", text, re.ASCII) or not low <= int(text) <= high:
        raise ApiError(f"`{name}` is {text[:40]!r}; wanted a whole number from {low} to {high}")
    return int(text)


def number(request: Request, name: str, default: float | None = None) -> float:
    """The query parameter `name` as a finite number."""
    text = parameter(request, name, None if default is None else str(default))
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ApiError(f"`{name}` is {text[:40]!r}; wanted a finite number")
    return value


def series_key(request: Request, plugin: str) -> SeriesKey:
    """The series that the parameters `run` and `tag` name."""
    return SeriesKey(parameter(request, "run"), plugin, parameter(request, "tag"))


def member(
    body: Mapping[str, Any], name: str, kind: type[T] | tuple[type[T], ...], default: T | None = None
) -> T:
    """The member `name` of a JSON body, of one of the given types; null counts as absent.

    Without a default it must be there.
    """
    value = body.get(name)
    if value is None:
        value = default
    kinds = kind if isinstance(kind, tuple) else (kind,)
    # JSON's true is no number though Python's is.
    if value is None or not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        seen = "missing" if body.get(name) is None else f"a {type(value).__name__}"
        raise ApiError(f"member `{name}` is {seen}; wanted {' or '.join(k.__name__ for k in kinds)}")
    return value


def integer_member(body: Mapping[str, Any], name: str, default: int, *, low: int, high: int) -> int:
    """The member `name` as a whole number in [low, high]."""
    value = member(body, name, int, default)
    if not low <= value <= high:
        raise ApiError(f"member `{name}` is {_shown(value)}; wanted a whole number from {low} to {high}")
    return value


def number_member(body: Mapping[str, Any], name: str, default: float, *, low: float, below: float) -> float:
    """The member `name` as a number in [low, below)."""
    value = member(body, name, (int, float), default)
    if not low <= value < below:  # before `float`, which has no room for a long integer
        raise ApiError(f"member `{name}` is {_shown(value)}; wanted {low} or more, but less than {below}")
    return float(value)


def choice(value: str, name: str, choices: Sequence[str]) -> str:
    """`value`, which the request gives as `name`, if it is one of `choices`."""
    if value not in choices:
        raise ApiError(f"`{name}` is {value[:40]!r}; wanted one of {', '.join(choices)}")
    return value


def value_range(body: Mapping[str, Any], name: str = "range") -> tuple[float, float] | None:
    """The member `name` as (low, high), or None if it is absent or null: what part of an axis is asked for.

    Both ends are finite, low <= high, and an end that is written as a whole number has at most 64 bits, as a
    step has.
    """
    ends = body.get(name)
    if ends is None:
        return None
    if not isinstance(ends, list) or len(ends) != 2:
        raise ApiError(f"member `{name}` is no list of two; wanted [low, high] or null")
    for end in ends:
        # Exact bounds first: `float` raises for integers of 309 digits, NumPy for those of 65 bits.
        whole = type(end) is int and INT64_MIN <= end <= INT64_MAX
        if not whole and not (type(end) is float and math.isfinite(end)):
            raise ApiError(
                f"an end of member `{name}` is {_shown(end)}; wanted a finite number, and a whole one "
                "within 64 bits"
            )
    low, high = ends
    if low > high:
        raise ApiError(f"member `{name}` is [{low}, {high}]; wanted the smaller end first")
    return float(low), float(high)


def strings(body: Mapping[str, Any], name: str) -> list[str] | None:
    """The member `name` as a list of strings, or None if it is absent or null."""
    value = body.get(name)
    if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        raise ApiError(f"member `{name}` is not a list of strings or null")
    return value


def _shown(value: Any) -> str:
    """A value for a message: a JSON body may hold numbers of thousands of digits."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
