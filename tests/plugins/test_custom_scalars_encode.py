"""`add_custom_scalars` and its shorthands: torch's layouts, merged over calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from tensorboard.plugins.custom_scalar.layout_pb2 import Layout
from tests.support.encoded import summary, value
from torch.utils.tensorboard import summary as torch_summary

from cupola.errors import WrongType, WrongValue
from cupola.plugins.custom_scalars import encode
from cupola.values.deferred import Deferred

LAYOUT = {
    "Taiwan": {"twse": ["Multiline", ["twse/0050", "twse/2330"]]},
    "USA": {"dow": ["Margin", ["dow/aaa", "dow/bbb", "dow/ccc"]], "nasdaq": ["Margin", ["a", "b", "c"]]},
}


def charts(deferred: Deferred) -> dict[str, dict[str, list[str]]]:
    """Tags by category and title, as TensorBoard parses them."""
    layout = Layout.FromString(value(deferred).tensor.string_val[0])
    return {
        category.title: {
            chart.title: list(chart.multiline.tag)
            or [f"{one.value} {one.lower} {one.upper}" for one in chart.margin.series]
            for chart in category.chart
        }
        for category in layout.category
    }


def test_layouts_are_torchs() -> None:
    assert summary(encode.layout(LAYOUT)) == torch_summary.custom_scalars(LAYOUT)
    assert summary(encode.layout({})) == torch_summary.custom_scalars({})


def test_later_calls_add_to_earlier_ones() -> None:
    before: encode.Layout = {}
    first = encode.layout(LAYOUT, before)
    encode.multiline(["loss/.*"], before=before)
    last = encode.margin(["v", "l", "u"], "USA", "dow", before)
    assert charts(first) == charts(encode.layout(LAYOUT))
    assert charts(last) == {
        "Taiwan": {"twse": ["twse/0050", "twse/2330"]},
        "USA": {"dow": ["v l u"], "nasdaq": ["a b c"]},
        "default": {"untitled": ["loss/.*"]},
    }


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda before: encode.margin(["a", "b"], before=before), AssertionError, "are 2; wanted 3"),
        (
            lambda before: encode.multiline("loss", before=before),
            WrongType,
            "'loss'; wanted a list of strings",
        ),
        (lambda before: encode.layout(cast(Any, ["a"]), before), WrongType, "layout is"),
        (
            lambda before: encode.layout({"a": {"b": ["Multiline"]}}, before),
            WrongValue,
            r"layout\['a'\]\['b'\]",
        ),
        (lambda before: encode.layout({"a": {"b": ["Multiline", [1]]}}, before), WrongType, "strings"),
    ],
)
def test_refuses_at_the_call_and_keeps_what_was(
    call: Callable[[encode.Layout], object], error: type, words: str
) -> None:
    before: encode.Layout = {}
    encode.layout(LAYOUT, before)
    kept = charts(encode.layout({}, before))
    with pytest.raises(error, match=words):
        call(before)
    assert charts(encode.layout({}, before)) == kept
