"""Names in a graph: scopes like the peers' (`Net/Sequential[features]/Conv2d[0]`), unique node names, short
op names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def clean(text: str) -> str:
    """`text` as one part of a node's name: `/` parts scopes, `:` parts an output's number, a leading `^`
    means control.
    """
    return re.sub(r"[/:\s]+", "_", text).lstrip("^") or "_"


def class_name(model: object) -> str:
    """What the outermost scope is called: the class of a module, the name of a function."""
    name = getattr(model, "original_name", None) or getattr(model, "__name__", None)
    exported = getattr(type(model), "type_name", None)  # of torch.export's modules: what they were made of
    if callable(exported) and type(model).__module__ == "torch.export.unflatten":
        name = str(exported(model)).rpartition(".")[2]
    becomes = getattr(type(model), "cls_to_become", None)  # of a lazy module, once it has its parameters
    kind = becomes if isinstance(becomes, type) else type(model)
    if hasattr(kind, "_orig_cls_mro_index"):  # `fully_shard` gives a module a class of its own
        kind = kind.__mro__[kind._orig_cls_mro_index]
    return clean(name if isinstance(name, str) else kind.__name__)


def module_scopes(root: str, parts: Mapping[str, Any]) -> dict[int, str]:
    """Scope of each module by its `id`. A shared module has the scope of the first place where it hangs.

    Args:
        root: the outermost scope.
        parts: the outermost modules by where they hang; '' has the scope `root` itself.
    """
    scopes: dict[int, str] = {}
    for place, part in parts.items():
        home = f"{root}/{class_name(part)}[{clean(place)}]" if place else root
        scopes.setdefault(id(part), home)
        by_path = {"": home}
        for path, module in part.named_modules():
            if path:
                parent, _, name = path.rpartition(".")
                scope = f"{by_path.get(parent, home)}/{class_name(module)}[{clean(name)}]"
                by_path[path] = scope
                scopes.setdefault(id(module), scope)
    return scopes


def short(op: str) -> str:
    """Last word of an op's name without Python's underscores: `torch.Tensor.__add__` is `add`."""
    op = op.removesuffix(".__get__").removesuffix(".__set__")
    if "::" in op:
        op = op.rpartition("::")[2].partition(".")[0]
    return op.rpartition(".")[2].strip("_") or op


class UniqueNames:
    """Gives each node a name of its own: `relu`, `relu_1`, …"""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def take(self, name: str) -> str:
        """`name`, or with the next free number behind it."""
        count = self._next.get(name)
        if count is None:
            self._next[name] = 1
            return name
        while f"{name}_{count}" in self._next:
            count += 1
        self._next[name] = count + 1
        return self.take(f"{name}_{count}")
