"""The plugins' encoders, `encoders.images.image(...)`.

They are imported before the first log call, and import nothing heavy themselves: a signal handler that logs
within an import would find half a module, and a child that is forked within it would wait for its end for
ever. Only `graphs`, the largest, whose call takes its time anyway, is imported when it is first used.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

from cupola.plugins.audio import encode as audio
from cupola.plugins.custom_scalars import encode as custom_scalars
from cupola.plugins.histograms import encode as histograms
from cupola.plugins.hparams import encode as hparams
from cupola.plugins.images import encode as images
from cupola.plugins.mesh import encode as mesh
from cupola.plugins.pr_curves import encode as pr_curves
from cupola.plugins.projector import encode as projector
from cupola.plugins.tensor import encode as tensor
from cupola.plugins.text import encode as text
from cupola.writer import process_hooks

if TYPE_CHECKING:
    from cupola.plugins.graphs import encode as graphs

__all__ = [
    "audio",
    "custom_scalars",
    "graphs",
    "histograms",
    "hparams",
    "images",
    "mesh",
    "pr_curves",
    "projector",
    "tensor",
    "text",
]


def __getattr__(name: str) -> ModuleType:
    if name != "graphs":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with process_hooks.no_fork():
        module = importlib.import_module("cupola.plugins.graphs.encode")
    globals()[name] = module
    return module
