"""See your training. `SummaryWriter` writes TensorBoard's event files, `open` reads them, the `cupola` command shows them.

Importing this is cheap: each public name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cupola.reader import open as open
    from cupola.writer.summary_writer import SummaryWriter as SummaryWriter

__version__ = "0.1.0"
__all__ = ["SummaryWriter", "__version__", "open"]

_HOMES = {"SummaryWriter": "cupola.writer.summary_writer", "open": "cupola.reader"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'cupola' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
