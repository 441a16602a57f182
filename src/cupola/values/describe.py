"""What messages say of a value. Nothing here raises, whatever the value does when it is looked at."""

from __future__ import annotations

from typing import Final

MAX_CHARACTERS: Final = 60


def describe_type(value: object) -> str:
    """A value's type, as messages name it: `of type list`, or `None`."""
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return "None" if value is None else f"of type {name}"


def describe(value: object) -> str:
    """A value as messages show it: cut after some characters. Of arrays only the type is told: their values
    may be many, or on a device, or in another process.
    """
    if hasattr(type(value), "shape"):
        return f"a value {describe_type(value)}"
    try:
        text = repr(value)
    except Exception:  # whatever the user's own class raises
        return f"a value {describe_type(value)}"
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"


def reason(error: BaseException) -> str:
    """What an error says, on one line and cut: those of tracers have pages."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
