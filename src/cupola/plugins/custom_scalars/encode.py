"""Layouts of custom scalar charts to bytes.

Source: tensorboard/plugins/custom_scalar/{layout.proto,metadata.py} (tensorboard 2.21.0)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from cupola.errors import WrongType, WrongValue
from cupola.events import event, tensor, wire
from cupola.values.arguments import check_mapping, check_tag, plain_text
from cupola.values.deferred import Deferred
from cupola.values.describe import describe

TAG: Final = "custom_scalars__config__"

METADATA = event.SummaryMetadata(plugin_name="custom_scalars")

Layout: TypeAlias = "dict[str, dict[str, tuple[str, tuple[str, ...]]]]"
"""Category, chart, (kind, tags): kind is `Multiline` (regular expressions of tags) or `Margin` (value,
lower, upper).
"""

MARGIN: Final = "Margin"
MULTILINE: Final = "Multiline"


def layout(layout: Mapping[str, Mapping[str, Sequence[Any]]], before: Layout | None = None) -> Deferred:
    """The layout, together with what the same writer laid out before.

    TensorBoard looks at a run's last layout only, so each call writes the whole of it: a chart of the same
    category and title is replaced.

    Args:
        layout: `{category: {chart: [kind, tags]}}`; a kind other than `Margin` is `Multiline`, as in both
            peers.
        before: the writer's layout so far, changed in place when the arguments are right.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    whole = {} if before is None else before
    for category, charts in _check(layout).items():
        whole.setdefault(category, {}).update(charts)
    taken = {category: dict(charts) for category, charts in whole.items()}
    tags = (tag for charts in taken.values() for _, tags in charts.values() for tag in tags)
    return Deferred("custom scalars", sum(map(len, tags)), partial(_encode, taken))


def multiline(
    tags: Sequence[str], category: str = "default", title: str = "untitled", before: Layout | None = None
) -> Deferred:
    """One chart with a line for each tag; see `layout`.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return layout({check_tag(category, "category"): {check_tag(title, "title"): [MULTILINE, tags]}}, before)


def margin(
    tags: Sequence[str], category: str = "default", title: str = "untitled", before: Layout | None = None
) -> Deferred:
    """One chart with a band: `tags` are value, lower and upper; see `layout`.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return layout({check_tag(category, "category"): {check_tag(title, "title"): [MARGIN, tags]}}, before)


def _check(layout: object) -> Layout:
    checked: Layout = {}
    for category, charts in check_mapping(layout, "layout").items():
        rows = checked[category] = {}
        for title, chart in check_mapping(charts, f"layout[{category!r}]").items():
            name = f"layout[{category!r}][{title!r}]"
            if not isinstance(chart, (list, tuple)) or len(chart) != 2 or not isinstance(chart[0], str):
                raise WrongValue(
                    f"{name} is {describe(chart)}; wanted [kind, tags] with kind {MULTILINE!r} or {MARGIN!r}"
                )
            kind = MARGIN if chart[0].capitalize() == MARGIN else MULTILINE
            tags = _tags(chart[1], f"the tags of {name}")
            if kind == MARGIN and len(tags) != 3:
                raise WrongValue(
                    f"the tags of {name} are {len(tags)}; wanted 3 for a margin chart: value, lower, upper"
                )
            rows[title] = (kind, tags)
    return checked


def _tags(tags: Any, name: str) -> tuple[str, ...]:
    try:
        listed = [] if isinstance(tags, str) else list(tags)
    except Exception:  # nothing to go through; whatever its class raises
        listed = []
    if not listed or not all(isinstance(tag, str) for tag in listed):
        raise WrongType(f"{name} are {describe(tags)}; wanted a list of strings")
    return tuple(map(plain_text, listed))


def _encode(whole: Layout) -> list[bytes]:
    message = b"".join(wire.field_bytes(2, _category(title, charts)) for title, charts in whole.items())
    return [event.encode_value(TAG, event.TENSOR, tensor.encode_strings([message], ()), METADATA)]


def _category(title: str, charts: Mapping[str, tuple[str, tuple[str, ...]]]) -> bytes:
    return wire.field_string(1, title) + b"".join(
        wire.field_bytes(2, _chart(name, *chart)) for name, chart in charts.items()
    )


def _chart(title: str, kind: str, tags: tuple[str, ...]) -> bytes:
    if kind == MARGIN:
        series = b"".join(wire.field_string(number, tag) for number, tag in enumerate(tags, 1))
        return wire.field_string(1, title) + wire.field_bytes(3, wire.field_bytes(1, series))
    return wire.field_string(1, title) + wire.field_bytes(
        2, b"".join(wire.field_string(1, tag) for tag in tags)
    )
