"""The import hook behind `cupola.compat`: the modules in `stand_ins/` are found in the place of the peers'.

A stand-in is an ordinary module with a file, so whatever looks whether a peer is installed finds it, also
where the peer is not. It is light: a process that never imports a peer pays for this module alone.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

STAND_INS = Path(__file__).parent / "stand_ins"

_ABSENT = STAND_INS / "absent"
"""For each distribution a folder as in site-packages, used where the distribution is not installed: who asks
for its version gets one, from importlib.metadata too.
"""

_FOLDERS = {
    "tensorboardX": STAND_INS / "tensorboardX",
    "torch.utils.tensorboard": STAND_INS / "torch_utils" / "tensorboard",
}
"""The packages that are replaced, and the folders of their stand-ins."""


class _Finder:
    """Finds the stand-ins before the peers' own modules."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.startswith("torch.utils.") and isinstance(path, list):
            _put_first(path)
        file = _stand_in(fullname)
        return None if file is None else importlib.util.spec_from_file_location(fullname, file)


def _stand_in(fullname: str) -> Path | None:
    """The file of a module's stand-in; None if it has none."""
    for package, folder in _FOLDERS.items():
        if fullname == package:
            return folder / "__init__.py"
        parent, _, name = fullname.rpartition(".")
        if parent == package and (folder / f"{name}.py").exists():
            return folder / f"{name}.py"
    return None


def is_stand_in(module: ModuleType) -> bool:
    """Whether a module is one of the stand-ins, not the peer's own."""
    return str(getattr(module, "__file__", None) or "").startswith(str(STAND_INS))


def _put_first(search_path: list[str]) -> None:
    """Has torch.utils' own search path lead to the stand-in: Comet, for one, asks no other finder."""
    folder = str(_FOLDERS["torch.utils.tensorboard"].parent)
    if folder not in search_path:
        search_path.insert(0, folder)


def rest_of(name: str) -> Callable[[str], Any]:
    """The `__getattr__` of a stand-in, for names that it lacks: its sub-modules are there without being
    imported, as the peers' are; the rest is the peer's own, which is run when it is first needed.
    """

    @functools.cache
    def peer() -> ModuleType | None:
        spec = _own_spec(name)
        if spec is None or spec.loader is None:
            return None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def look_up(attribute: str) -> Any:
        if not attribute.startswith("__"):
            inner = f"{name}.{attribute}"
            if name in _FOLDERS and importlib.util.find_spec(inner) is not None:
                return importlib.import_module(inner)
            with contextlib.suppress(ImportError, AttributeError):
                return getattr(peer(), attribute)
        raise AttributeError(f"neither cupola's stand-in for {name} nor the module itself has {attribute!r}")

    return look_up


def _own_spec(name: str) -> importlib.machinery.ModuleSpec | None:
    """Where the peer's own module is; None if it is not installed."""
    parent = name.rpartition(".")[0]
    if not parent:
        return importlib.machinery.PathFinder.find_spec(name)
    path = [entry for entry in sys.modules[parent].__path__ if not entry.startswith(str(STAND_INS))]
    return importlib.machinery.PathFinder.find_spec(name, path)


def install() -> None:
    """What importing `cupola.compat` does: both peers' imports mean cupola from now on. What a module took
    from a peer before stays as it was.
    """
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    # In front of what searches directories, behind those who watch imports and ask the others.
    finders = [*sys.meta_path, importlib.machinery.PathFinder]
    sys.meta_path.insert(finders.index(importlib.machinery.PathFinder), _Finder())
    for folder in _ABSENT.iterdir():
        if importlib.machinery.PathFinder.find_spec(folder.name) is None and str(folder) not in sys.path:
            sys.path.append(str(folder))
    if "torch.utils" in sys.modules:
        _put_first(sys.modules["torch.utils"].__path__)  # type: ignore[arg-type]
    for name in [name for name in sys.modules if _stand_in(name)]:
        parent, _, leaf = name.rpartition(".")
        vars(sys.modules.get(parent, sys)).pop(leaf, None)
        del sys.modules[name]
