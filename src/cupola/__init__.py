"""See your training. `SummaryWriter` writes event files, `open` reads them, the `cupola` command shows them.

Importing this is cheap: each public name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cupola import summary as summary
    from cupola.notebook.chart import show as show
    from cupola.peers.file_writer import FileWriter as FileWriter
    from cupola.peers.global_writer import GlobalSummaryWriter as GlobalSummaryWriter
    from cupola.peers.record_writer import RecordWriter as RecordWriter
    from cupola.reader import open as open
    from cupola.writer.summary_writer import SummaryWriter as SummaryWriter

__version__ = "0.1.0"
__all__ = [
    "FileWriter",
    "GlobalSummaryWriter",
    "RecordWriter",
    "SummaryWriter",
    "__version__",
    "open",
    "show",
    "summary",
]

_HOMES = {
    "FileWriter": "cupola.peers.file_writer",
    "GlobalSummaryWriter": "cupola.peers.global_writer",
    "RecordWriter": "cupola.peers.record_writer",
    "SummaryWriter": "cupola.writer.summary_writer",
    "load_ipython_extension": "cupola.notebook",
    "open": "cupola.reader",
    "show": "cupola.notebook.chart",
}


def __getattr__(name: str) -> Any:
    if name == "summary":
        return importlib.import_module("cupola.summary")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'cupola' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
