"""What the caller passes as `input_to_model` binds to forward's signature, whatever it is."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional, Union

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from cupola.plugins.graphs.recorder.arguments import named, ways

A, B = torch.rand(2, 3), torch.rand(2, 3)


class Pair(NamedTuple):
    x: Tensor
    y: Tensor


class Point(NamedTuple):
    left: Tensor
    right: Tensor


@dataclasses.dataclass
class Batch:
    x: Tensor
    y: Tensor


class Encoding(collections.UserDict):
    """As a tokenizer gives it."""


PACKED = pack_padded_sequence(torch.rand(3, 2, 4), torch.tensor([3, 2]))


def one(x: Any) -> None: ...
def two(x: Any, y: Any) -> None: ...
def maybe(x: Any, y: Any = None) -> None: ...
def listed(x: list[Tensor], y: Any = None) -> None: ...
def listed_in_words(x: "list[Tensor]", y: Any = None) -> None: ...  # noqa: UP037
def sequenced(x: Sequence[Tensor], y: Any = None) -> None: ...
def optional(x: Optional[list[Tensor]] = None, y: Any = None) -> None: ...  # noqa: UP045
def united(x: Union[Tensor, list[Tensor]], y: Any = None) -> None: ...  # noqa: UP007
def barred(x: "Tensor | list[Tensor]", y: Any = None) -> None: ...  # noqa: UP037
def hidden(x: List[Nowhere] | None = None, y: Any = None) -> None: ...  # type: ignore  # noqa: F821
def hidden_too(x: Nowhere | List[Nowhere[int]], y: Any = None) -> None: ...  # type: ignore  # noqa: F821
def mapped(x: Mapping[str, Tensor], **rest: Any) -> None: ...
def keyed(x: Any, *, y: Any) -> None: ...
def anything(*args: Any, **kwargs: Any) -> None: ...
def rest(x: Any, **more: Any) -> None: ...
def packed(x: PackedSequence, y: Any = None, z: Any = None, w: Any = None) -> None: ...


@pytest.mark.parametrize(
    ("forward", "given", "args", "kwargs"),
    [
        # One value is one argument.
        (one, A, (A,), {}),
        (one, 3, (3,), {}),
        (one, "text", ("text",), {}),
        (one, b"bytes", (b"bytes",), {}),
        (one, np.ones(3), (np.ones(3),), {}),
        (one, {1: A}, ({1: A},), {}),
        (one, {A}, ({A},), {}),
        # Lists and tuples: as many arguments, as the peers take them.
        (two, (A, B), (A, B), {}),
        (two, [A, B], (A, B), {}),
        (two, collections.deque([A, B]), (A, B), {}),
        (two, iter([A, B]), (A, B), {}),
        (maybe, [A, B], (A, B), {}),
        (maybe, (A, None), (A, None), {}),
        (anything, [A, B], (A, B), {}),
        # One argument where they cannot be many, and where the signature says so.
        (one, [A, B], ([A, B],), {}),
        (one, (A, B), ((A, B),), {}),
        (one, [A], (A,), {}),
        (listed, [A, B], ([A, B],), {}),
        (listed, [A], ([A],), {}),
        (listed, ([A, B], [{"boxes": B}]), ([A, B], [{"boxes": B}]), {}),
        (listed_in_words, [A, B], ([A, B],), {}),
        (sequenced, [A, B], ([A, B],), {}),
        (optional, [A, B], ([A, B],), {}),
        (united, [A, B], ([A, B],), {}),
        (hidden, [A, B], ([A, B],), {}),
        (hidden_too, [A, B], ([A, B],), {}),
        (barred, [A, B], ([A, B],), {}),
        (two, ([A, B], [{"boxes": A}]), ([A, B], [{"boxes": A}]), {}),
        # Named tuples.
        (two, Pair(A, B), (A, B), {}),
        (one, Pair(A, B), (Pair(A, B),), {}),
        (maybe, Pair(A, B), (A, B), {}),
        (maybe, Point(A, B), (Point(A, B),), {}),
        (one, PACKED, (PACKED,), {}),
        (packed, PACKED, (PACKED,), {}),
        (two, (PACKED, A), (PACKED, A), {}),
        # Mappings.
        (two, {"y": B, "x": A}, (), {"y": B, "x": A}),
        (two, Encoding(x=A, y=B), (), {"x": A, "y": B}),
        (two, collections.OrderedDict(x=A, y=B), (), {"x": A, "y": B}),
        (one, {"a": A}, ({"a": A},), {}),
        (one, Encoding(a=A), (Encoding(a=A),), {}),
        (one, ({"a": A},), ({"a": A},), {}),
        (mapped, {"a": A}, ({"a": A},), {}),
        (mapped, {"x": A}, ({"x": A},), {}),
        (anything, {"a": A}, (), {"a": A}),
        (keyed, {"x": A, "y": 2}, (), {"x": A, "y": 2}),
        # A dictionary at the end.
        (keyed, (A, {"y": B}), (A,), {"y": B}),
        (maybe, (A, {"y": B}), (A,), {"y": B}),
        (maybe, (A, {"a": B}), (A, {"a": B}), {}),
        (maybe, (A, {}), (A, {}), {}),
        (rest, (A, {"a": B}), (A,), {"a": B}),
        (two, ((A, B), {}), ((A, B), {}), {}),
        (keyed, ((A,), {"y": B}), ((A,),), {"y": B}),
        # Dataclasses.
        (one, Batch(A, B), (Batch(A, B),), {}),
        (two, Batch(A, B), (), {"x": A, "y": B}),
    ],
)
def test_the_likeliest_way_comes_first(forward: Any, given: Any, args: Any, kwargs: Any) -> None:
    way = ways(forward, given, "Model")[0]
    assert repr(way.args) == repr(args)
    assert repr(way.kwargs) == repr(kwargs)


def test_other_ways_that_bind_come_after() -> None:
    assert [way.args for way in ways(maybe, [A, B], "Model")] == [(A, B), ([A, B],)]
    assert [way.args for way in ways(listed, [A, B], "Model")] == [([A, B],), (A, B)]
    pair = ways(anything, ((A, B), {"y": 1}), "Model")
    assert [(len(way.args), way.kwargs) for way in pair] == [(2, {}), (1, {"y": 1}), (2, {"y": 1}), (1, {})]


def test_what_binds_to_nothing_is_passed_as_it_would_be() -> None:
    """So that the error is Python's own, of the model's forward."""
    assert ways(two, A, "Model") == [((A,), {})]
    assert ways(one, (A, B), "Model")[0].args == ((A, B),)


@pytest.mark.parametrize("given", [None, (), []])
def test_missing_inputs_are_named(given: Any) -> None:
    with pytest.raises(TypeError, match=r"no input_to_model, but Model.forward needs x, y; pass"):
        ways(two, given, "Model")
    with pytest.raises(TypeError, match=r"needs x, y"):
        ways(keyed, given, "Model")
    assert ways(anything, given, "Model") == [((), {})]


def test_scripted_methods_have_signatures_too() -> None:
    class Takes(nn.Module):
        def forward(self, images: list[Tensor], scale: float = 1.0) -> Tensor:
            return images[0] * scale

    forward = torch.jit.script(Takes()).forward
    assert ways(forward, [A, B], "Takes")[0].args == ([A, B],)
    assert named(forward, ways(forward, {"images": [A], "scale": 2.0}, "Takes")[0]) == {
        "images": [A],
        "scale": 2.0,
    }
    with pytest.raises(TypeError, match="needs images"):
        ways(forward, None, "Takes")


def test_arguments_have_the_names_of_the_signature() -> None:
    assert named(two, ways(two, (1, 2), "Model")[0]) == {"x": 1, "y": 2}
    assert named(rest, ways(rest, {"x": 1, "z": 2}, "Model")[0]) == {"x": 1, "z": 2}
    assert named(len, ways(len, [[1]], "len")[0]) == {"obj": [1]}
    assert named(two, ways(two, 1, "Model")[0]) == {"0": 1}
