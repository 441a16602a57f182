"""What a call was given and what it returned: the tensors in any value, and the rest as text."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

MAX_DEPTH: Final = 8
MAX_TEXT: Final = 600
"""Characters of a node's arguments that are kept."""


def tensors(value: Any) -> list[Any]:
    """Every tensor in a value, once each, in order."""
    found: dict[int, Any] = {}
    for _, tensor in named_tensors(value):
        found.setdefault(id(tensor), tensor)
    return list(found.values())


def named_tensors(
    value: Any, path: tuple[str, ...] = (), depth: int = 0
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(path, tensor) through tuples, lists, mappings, dataclasses and any object with attributes."""
    import torch

    if isinstance(value, torch.Tensor):
        yield path, value
        return
    if (
        depth > MAX_DEPTH
        or value is None
        or isinstance(value, (str, bytes, int, float, type, torch.nn.Module))
    ):
        return
    for name, item in _members(value):
        yield from named_tensors(item, (*path, name), depth + 1)


def _members(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(str(key), item) for key, item in value.items()]
    if isinstance(value, tuple):
        # Named tuples, and what torch.max gives back.
        names = getattr(value, "_fields", getattr(value, "__match_args__", ()))
        if len(names) == len(value):
            return list(zip(names, value, strict=True))
    if isinstance(value, (tuple, list, set, frozenset)):
        return [(str(index), item) for index, item in enumerate(value)]
    if dataclasses.is_dataclass(value):
        return [(item.name, getattr(value, item.name, None)) for item in dataclasses.fields(value)]
    if type(value).__module__ not in ("builtins", "torch") and not callable(value):
        return list(getattr(value, "__dict__", {}).items())
    return []


def argument_text(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """The arguments that are no tensors: `stride=(1, 1), padding=(1, 1)`."""
    names = _argument_names(function)
    parts = []
    for index, value in enumerate(args):
        text = _text(value)
        if text is not None:
            parts.append(f"{names[index]}={text}" if index < len(names) else text)
    for key, value in kwargs.items():
        text = _text(value)
        if text is not None:
            parts.append(f"{key}={text}")
    return bounded(", ".join(parts))


def bounded(text: str) -> str:
    """`text`, cut at `MAX_TEXT` characters with a visible mark."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


@lru_cache(maxsize=2048)
def _argument_names(function: Callable[..., Any]) -> tuple[str, ...]:
    from torch.overrides import get_testing_overrides

    # torch's builtins have no signature of their own; the overrides that torch tests with have.
    described = get_testing_overrides().get(function, function)
    try:
        parameters = inspect.signature(described).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(
        item.name for item in parameters if item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD)
    )


def _text(value: Any, depth: int = 0) -> str | None:
    """A value as Python would write it; None for a tensor, and for what holds nothing but tensors."""
    import torch

    if isinstance(value, torch.Tensor):
        return None
    if isinstance(value, (tuple, list)) and depth < 4:
        parts = [_text(item, depth + 1) for item in value[:64]]
        if value and all(part is None for part in parts):
            return None
        inner = ", ".join("Tensor" if part is None else part for part in parts)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if isinstance(value, slice):
        ends = ("" if end is None else str(end) for end in (value.start, value.stop))
        return ":".join(ends) + ("" if value.step is None else f":{value.step}")
    if value is Ellipsis:
        return "..."
    if callable(value) and not isinstance(value, type):
        return str(getattr(value, "__qualname__", type(value).__name__))
    if value is None or isinstance(
        value, (bool, int, float, complex, str, torch.dtype, torch.device, torch.Size)
    ):
        return repr(value) if isinstance(value, str) else str(value)
    return f"{type(value).__name__}(…)"
