"""Which memory a tensor lies in, and who made that."""

from __future__ import annotations

from typing import Any


def storage_key(tensor: Any) -> int:
    """A number for the memory that a tensor lies in, also a batched one of `torch.vmap`; 0 where it has none
    that we know.
    """
    storage = _storage(tensor)
    return 0 if storage is None else int(storage._cdata)


class Storages:
    """A set of memories. A number is never given to other memory while it is in the set, and no memory is
    kept alive by it.
    """

    def __init__(self) -> None:
        self._references: dict[int, Any] = {}

    def add(self, tensor: Any) -> int:
        """Adds the memory of this tensor; returns its number."""
        from torch.multiprocessing.reductions import StorageWeakRef

        storage = _storage(tensor)
        if storage is None:
            return 0
        key = int(storage._cdata)
        if key not in self._references:
            self._references[key] = StorageWeakRef(storage)
        return key

    def __contains__(self, key: int) -> bool:
        return key in self._references


def _storage(tensor: Any) -> Any:
    import torch

    functorch = getattr(torch._C, "_functorch", None)
    try:
        with torch._C.DisableTorchFunction():
            while functorch is not None and functorch.is_functorch_wrapped_tensor(tensor):
                tensor = functorch.get_unwrapped(tensor)
            return tensor.untyped_storage()
    except (AttributeError, NotImplementedError, RuntimeError, ValueError):
        return None
