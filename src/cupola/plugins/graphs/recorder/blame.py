"""Where in a model an error was raised: a note on it, with the path of the module and what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from types import FrameType
from typing import Any, Final

from cupola.plugins.graphs.recorder import values

MAX_SHOWN: Final = 8
"""Arguments, and tensors of each, that a note names."""


def add_note(error: BaseException, paths: Mapping[int, str], given: Mapping[str, Any]) -> None:
    """Adds to an error of the model's own which module raised it and with what, and what the model was given.

    Args:
        paths: the path of each module (`layer1.0.conv1`, empty for the model itself) by its `id`.
        given: the model's arguments by name.
    """
    note = f"add_graph called the model with {described(given)}"
    found = _innermost(error, paths)
    if found is not None:
        module, args, kwargs = found
        path = paths[id(module)]
        if path:
            arguments = {**{str(index): value for index, value in enumerate(args)}, **kwargs}
            note += f"; it was raised in {path} ({_shown(module)}), called with {described(arguments)}"
    if hasattr(error, "add_note"):
        error.add_note(note)
    elif len(error.args) == 1 and isinstance(error.args[0], str):  # Python 3.10
        error.args = (f"{error.args[0]}\n{note}",)


def described(arguments: Mapping[str, Any]) -> str:
    """`x float32[2, 4], mask bool[2, 1], scale 0.5`; positions have no name."""
    parts = []
    for name, value in list(arguments.items())[:MAX_SHOWN]:
        tensors = list(values.named_tensors(value, () if name.isdecimal() else (name,)))
        for path, tensor in tensors[:MAX_SHOWN]:
            parts.append(f"{'.'.join(path)} {_kind(tensor)}".strip())
        if not tensors:
            text = values.bounded(repr(value))[:40] if _is_plain(value) else type(value).__name__
            parts.append(text if name.isdecimal() else f"{name} {text}")
    return ", ".join(parts) or "nothing"


def _kind(tensor: Any) -> str:
    try:
        return f"{str(tensor.dtype).removeprefix('torch.')}{list(tensor.shape)}"
    except RuntimeError:  # nested and lazy tensors have no shape
        return type(tensor).__name__


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, float, complex, str))


def _shown(module: Any) -> str:
    try:
        extra = str(module.extra_repr())
    except Exception:  # a module's own description must not hide its error
        extra = ""
    return values.bounded(f"{type(module).__name__}({extra})" if extra else type(module).__name__)


def _innermost(
    error: BaseException, paths: Mapping[int, str]
) -> tuple[Any, tuple[Any, ...], dict[str, Any]] | None:
    """The last module that was called before the error, and its arguments, from the frames of
    `torch.nn.Module.__call__`.
    """
    found = None
    trace = error.__traceback__
    while trace is not None:
        found = _call(trace.tb_frame, paths) or found
        trace = trace.tb_next
    return found


def _call(frame: FrameType, paths: Mapping[int, str]) -> tuple[Any, tuple[Any, ...], dict[str, Any]] | None:
    if frame.f_code.co_name not in ("_call_impl", "_wrapped_call_impl"):
        return None
    local = frame.f_locals
    module, args, kwargs = local.get("self"), local.get("args"), local.get("kwargs")
    if id(module) in paths and isinstance(args, tuple) and isinstance(kwargs, dict):
        return module, args, kwargs
    return None
