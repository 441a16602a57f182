"""What tensors were before a pass: their bytes where somebody wrote, and what autograd knows of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from cupola.plugins.graphs.recorder.storages import storage_key


class TensorStates:
    """Metadata of the tensors that a pass can reach: class, memory, gradient, version, history, hooks.

    Bytes are not copied here: `Writes` copies those that somebody is about to overwrite.
    """

    def __init__(self, tensors: Iterable[Any]) -> None:
        import torch

        self._saved = []
        with torch._C.DisableTorchFunction():
            for tensor in tensors:
                with contextlib.suppress(Exception):  # a tensor without memory that we know
                    self._saved.append(_Saved(tensor))

    def restore(self) -> None:
        """Every tensor is the object that it was, with the gradient, history and version that it had."""
        import torch

        with torch._C.DisableTorchFunction(), torch.no_grad():
            for saved in self._saved:
                saved.restore()


class _Saved:
    __slots__ = ("alias", "grad", "hooks", "kind", "memory", "requires_grad", "source", "tensor", "version")

    def __init__(self, tensor: Any) -> None:
        import torch

        self.tensor, self.kind = tensor, type(tensor)
        self.requires_grad, self.source = tensor.requires_grad, tensor.grad_fn
        self.grad = tensor.grad if tensor.is_leaf else None
        self.hooks = (tensor._backward_hooks, getattr(tensor, "_post_accumulate_grad_hooks", None))
        self.version = version(tensor)
        self.memory, self.alias = None, None
        if isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin):
            self.alias = tensor.data
        elif not torch.utils._python_dispatch.is_traceable_wrapper_subclass(tensor):
            with contextlib.suppress(Exception):
                self.memory = _memory(tensor)
                self.alias = _alias(tensor)

    def restore(self) -> None:
        tensor = self.tensor
        if type(tensor) is not self.kind:
            tensor.__class__ = self.kind
        if self.alias is not None and (self.memory is None or _memory(tensor) != self.memory):
            tensor.data = self.alias
        if tensor.grad_fn is not self.source:
            put_back_history(tensor, self.source, self.alias)
            # The alias has what the pass has made of it: the next pass needs another one.
            self.source, self.alias = tensor.grad_fn, _alias(tensor)
        if tensor.is_leaf:
            if tensor.requires_grad != self.requires_grad:
                tensor.requires_grad_(self.requires_grad)
            if tensor.grad is not self.grad:
                tensor.grad = self.grad
        hooks = (tensor._backward_hooks, getattr(tensor, "_post_accumulate_grad_hooks", None))
        if hooks[0] is not self.hooks[0]:
            tensor._backward_hooks = self.hooks[0]
        if hooks[1] is not self.hooks[1]:
            tensor._post_accumulate_grad_hooks = self.hooks[1]
        set_version(tensor, self.version)


def _alias(tensor: Any) -> Any:
    """Another tensor on the same memory, with the same history, that no write to this one can reach."""
    import torch

    if tensor.is_leaf:
        return tensor.detach()

    class Same(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(ctx: Any, given: Any) -> Any:
            return given.detach()

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            return gradient

    with torch.enable_grad():
        return Same.apply(tensor)


def _memory(tensor: Any) -> tuple[Any, ...]:
    return (
        storage_key(tensor),
        tensor.storage_offset(),
        tensor.shape,
        tensor.stride(),
        tensor.dtype,
        tensor.device,
    )


def put_back_history(tensor: Any, source: Any, alias: Any) -> None:
    """Takes a tensor out of the graph that a write in place has put it into."""
    import torch

    if source is None and not tensor._is_view():
        tensor.detach_()
        return
    # A view, or a result of an earlier step: its place is taken by an alias that has the history it had.
    with contextlib.suppress(RuntimeError, AttributeError):
        torch._C._swap_tensor_impl(tensor, alias)


def version(tensor: Any) -> int:
    """How often the tensor was changed in place; -1 where torch does not count (inference mode)."""
    try:
        return int(tensor._version)
    except RuntimeError:
        return -1


def set_version(tensor: Any, before: int) -> None:
    """Autograd checks this number: a graph that the program made earlier would find its tensors changed."""
    import torch

    if before >= 0 and version(tensor) != before:
        torch._C._autograd._unsafe_set_version_counter((tensor,), (before,))
