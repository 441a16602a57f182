"""What a layout can be asked for: methods, their parameters, defaults, bounds, named as in the HTTP API."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Value: TypeAlias = "int | float | str"

MOST_POINTS: Final = 1_000_000
"""Points that one layout is fitted to; of more a random sample is taken."""


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter that is a number in [low, high]."""

    default: int | float
    low: float
    high: float
    whole: bool = True

    def parse(self, name: str, text: str) -> int | float:
        """The number that `text` writes.

        Raises:
            ValueError: none, or one out of bounds.
        """
        kind = "whole number" if self.whole else "number"
        try:
            value = int(text) if self.whole and re.fullmatch("-?[0-9]{1,19}", text, re.ASCII) else float(text)
        except ValueError:
            value = math.nan
        if not self.low <= value <= self.high or (self.whole and not isinstance(value, int)):
            raise ValueError(f"`{name}` is {text[:40]!r}; wanted a {kind} from {self.low:g} to {self.high:g}")
        return value if self.whole else float(value)


@dataclass(frozen=True, slots=True)
class Text:
    """A parameter that is a text."""

    default: str = ""

    def parse(self, name: str, text: str) -> str:
        """The text itself.

        Raises:
            ValueError: it is longer than any name.
        """
        if len(text) > 4096:
            raise ValueError(f"`{name}` has {len(text)} characters; wanted at most 4096")
        return text


_COMMON: Final[Mapping[str, Number | Text]] = {
    "dimensions": Number(2, 2, 3),
    "sphereize": Number(0, 0, 1),
    "components": Number(50, 2, 1000),  # leading principal components that stand for the points
    "points": Number(MOST_POINTS, 10, MOST_POINTS),
    "seed": Number(0, 0, 2**32 - 1),
    "supervise": Number(0.0, 0, 100, whole=False),  # percent
    "field": Text(),  # of the metadata, whose values supervise
    "ignore": Text(),  # value that supervises nothing
}

METHODS: Final[Mapping[str, Mapping[str, Number | Text]]] = {
    "tsne": {
        "perplexity": Number(30.0, 2, 100, whole=False),
        "learning_rate": Number(0.0, 0, 1e6, whole=False),  # 0: by the number of points
        "iterations": Number(1000, 1, 100_000),
        **_COMMON,
    },
    "umap": {
        "neighbours": Number(15, 2, 200),
        "min_distance": Number(0.1, 0, 0.99, whole=False),
        "iterations": Number(0, 0, 100_000),  # 0: by the number of points
        **_COMMON,
    },
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """A method with a value for each of its parameters."""

    method: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def key(self) -> str:
        """The same text for the same parameters."""
        return json.dumps([self.method, sorted(self.values.items())])


def parse(method: str, texts: Mapping[str, str]) -> Parameters:
    """The parameters that a request gives as texts; those it leaves out have their default. What no method
    knows is left alone.

    Raises:
        ValueError: no such method, or a value that is none of its parameter's. The message is for people.
    """
    if method not in METHODS:
        raise ValueError(f"`method` is {method[:40]!r}; wanted one of {', '.join(METHODS)}")
    rules = METHODS[method]
    values = {
        name: rule.parse(name, texts[name]) if name in texts else rule.default for name, rule in rules.items()
    }
    if not values["supervise"] or not values["field"]:
        values |= {"supervise": 0.0, "field": "", "ignore": ""}
    return Parameters(method, values)
