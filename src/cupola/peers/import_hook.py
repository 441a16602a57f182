"""The import hook behind `cupola.compat`: modules of the peers, and what stands in them here."""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import runpy
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from cupola.peers.event_file_writer import EventFileWriter
from cupola.peers.file_writer import FileWriter
from cupola.peers.global_writer import GlobalSummaryWriter
from cupola.peers.record_writer import RecordWriter
from cupola.writer.summary_writer import SummaryWriter

TENSORBOARDX_VERSION = "2.6.5"
"""Whose names and arguments these are: programs compare it with the version that they need."""


class TensorboardXWriter(SummaryWriter):
    """`SummaryWriter` with what only tensorboardX does: runs of `add_scalars` are
    `<logdir>/<main_tag>/<key>`.
    """

    def __init__(
        self,
        logdir: Any = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
        write_to_disk: bool = True,
        log_dir: Any = None,
        comet_config: Any = None,
        **kwargs: Any,
    ) -> None:
        """Takes what `cupola.SummaryWriter` takes, in tensorboardX's order."""
        logdir = log_dir if logdir is None else logdir
        queue = (max_queue, flush_secs, filename_suffix, write_to_disk)
        super().__init__(logdir, comment, purge_step, *queue, comet_config=comet_config, **kwargs)

    def _group_directory(self, logdir: str, main_tag: str, key: str) -> str:
        return f"{logdir}/{main_tag}/{key}"


def _torch() -> dict[str, Any]:
    return {"SummaryWriter": SummaryWriter, "FileWriter": FileWriter, "RecordWriter": RecordWriter}


def _tensorboardx() -> dict[str, Any]:
    return {
        "SummaryWriter": TensorboardXWriter,
        "FileWriter": FileWriter,
        "RecordWriter": RecordWriter,
        "GlobalSummaryWriter": GlobalSummaryWriter,
        "__version__": TENSORBOARDX_VERSION,
    }


def _summary() -> dict[str, Any]:
    module = importlib.import_module("cupola.peers.summary")
    return {name: value for name, value in vars(module).items() if not name.startswith("__")}


def _event_file_writer() -> dict[str, Any]:
    return {"EventFileWriter": EventFileWriter}


def _record_writer() -> dict[str, Any]:
    return {"RecordWriter": RecordWriter}


def _global_writer() -> dict[str, Any]:
    return {"GlobalSummaryWriter": GlobalSummaryWriter}


def _x2num() -> dict[str, Any]:
    from cupola.values.arrays import make_np

    return {"make_np": make_np}


def _utils() -> dict[str, Any]:
    from cupola.peers import utils

    return {name: getattr(utils, name) for name in utils.__all__}


REPLACEMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "torch.utils.tensorboard": _torch,
    "torch.utils.tensorboard.writer": _torch,
    "torch.utils.tensorboard.summary": _summary,
    "torch.utils.tensorboard._convert_np": _x2num,
    "torch.utils.tensorboard._utils": _utils,
    "tensorboardX": _tensorboardx,
    "tensorboardX.writer": _tensorboardx,
    "tensorboardX.summary": _summary,
    "tensorboardX.event_file_writer": _event_file_writer,
    "tensorboardX.record_writer": _record_writer,
    "tensorboardX.global_writer": _global_writer,
    "tensorboardX.x2num": _x2num,
    "tensorboardX.utils": _utils,
}
"""Modules of the peers, and what stands in them here."""


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the replacements before the peers' own modules."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in REPLACEMENTS:
            return None
        own = importlib.machinery.PathFinder.find_spec(fullname, path)
        is_package = f"{fullname}.summary" in REPLACEMENTS
        spec = importlib.machinery.ModuleSpec(fullname, self, loader_state=own, is_package=is_package)
        if is_package and own is not None:
            spec.submodule_search_locations = list(own.submodule_search_locations or [])
        return spec

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__
        own: Any = module.__spec__.loader_state
        vars(module).update(REPLACEMENTS[module.__name__](), __getattr__=_rest_of(module, own))


def _rest_of(replacement: ModuleType, own: importlib.machinery.ModuleSpec | None) -> Callable[[str], Any]:
    """What a module does when it is asked for a name that the replacement lacks: its sub-modules are there
    without being imported, as the peers' are; the rest is the peer's own, which is run when it is first
    needed.
    """

    @functools.cache
    def peer() -> ModuleType | None:
        if own is None or own.loader is None:
            return None
        module = importlib.util.module_from_spec(own)
        own.loader.exec_module(module)
        return module

    def look_up(name: str) -> Any:
        if not name.startswith("__"):
            inner = f"{replacement.__name__}.{name}"
            if hasattr(replacement, "__path__") and importlib.util.find_spec(inner) is not None:
                return importlib.import_module(inner)
            with contextlib.suppress(ImportError, AttributeError):
                return getattr(peer(), name)
        raise AttributeError(
            f"neither cupola's replacement of {replacement.__name__} nor the module itself has {name!r}"
        )

    return look_up


def install() -> None:
    """What importing `cupola.compat` does. What was imported from a peer before stays as it was."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
        for name in REPLACEMENTS:
            sys.modules.pop(name, None)


def main() -> None:
    """`python -m cupola.compat SCRIPT ARGUMENTS`: runs a script that thinks it logs by a peer."""
    if len(sys.argv) < 2:
        raise SystemExit("usage: python -m cupola.compat SCRIPT [ARGUMENTS ...]")
    del sys.argv[0]
    sys.path[0] = str(Path(sys.argv[0]).resolve().parent)
    runpy.run_path(sys.argv[0], run_name="__main__")
