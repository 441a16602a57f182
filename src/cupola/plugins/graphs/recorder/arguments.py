"""How what the caller passes as `input_to_model` binds to the model's `forward`."""

from __future__ import annotations

import contextlib
import inspect
from typing import Any


def bind(model: Any, given: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """`(args, kwargs)` that the model is called with."""
    forward = getattr(model, "forward", model)
    if given is None:
        missing = _missing(forward)
        if missing:
            raise TypeError(
                f"add_graph got no input_to_model, but {type(model).__name__}.forward needs "
                f"{', '.join(missing)}; pass the tensor, tuple or dict that you call the model with"
            )
        return (), {}
    if isinstance(given, dict):
        if all(isinstance(key, str) for key in given):
            with contextlib.suppress(TypeError, ValueError):
                inspect.signature(forward).bind(**given)
                return (), dict(given)
        return (given,), {}
    args = tuple(given) if isinstance(given, (tuple, list)) else (given,)
    return args, {}


def _missing(forward: Any) -> list[str]:
    """Names of the arguments that `forward` cannot do without."""
    try:
        parameters = inspect.signature(forward).parameters.values()
    except (TypeError, ValueError):
        return []
    return [
        item.name
        for item in parameters
        if item.default is item.empty and item.kind not in (item.VAR_POSITIONAL, item.VAR_KEYWORD)
    ]


def named(model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments by the names that `forward` gives them."""
    try:
        bound = inspect.signature(getattr(model, "forward", model)).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        return {**{str(index): value for index, value in enumerate(args)}, **kwargs}
    named: dict[str, Any] = {}
    for name, value in bound.items():
        named.update(value if name in ("kwargs", "kwds") and isinstance(value, dict) else {name: value})
    return named
