"""What stands between a pass and the program's tensors, beneath the recording: writes to them are taken back
afterwards, or are not carried out.

This module imports torch, so only a pass imports it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any, Final

import torch
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
from torch.utils._python_dispatch import (
    TorchDispatchMode,
    _disable_current_modes,
    is_traceable_wrapper_subclass,
)
from torch.utils._pytree import tree_map_only

from cupola.plugins.graphs.recorder.storages import Storages, storage_key
from cupola.plugins.graphs.recorder.tensor_state import set_version, version

MAX_CONSTANT_BYTES: Final = 64 << 20
"""Results up to this size are computed in a pass without data if they depend on no input and no parameter."""

_COLLECTIVES: Final = ("c10d", "_c10d_functional", "c10d_functional", "_c10d_functional_autograd", "symm_mem")
_STATISTICS: Final = frozenset({"running_mean", "running_var"})
"""Arguments that batch norms write to without a word in their schema."""
_MEMORY: Final = frozenset(
    {"numpy", "__array__", "__dlpack__", "untyped_storage", "storage", "_typed_storage", "data_ptr", "tolist"}
)
"""Methods that hand out a tensor's memory, past the dispatcher."""


class NeedsValues(RuntimeError):
    """A pass on tensors without data has come to something that only a real pass can do."""


class Guard(TorchDispatchMode):  # type: ignore[misc]
    """Follows which memory a pass made, and what in it depends on inputs, parameters or chance."""

    supports_higher_order_operators = True

    def __init__(self, given: Iterable[Any]) -> None:
        """Args:
        given: the inputs, parameters and buffers.
        """
        super().__init__()
        self.given = Storages()
        for tensor in given:
            self.given.add(tensor)
        self.made = Storages()
        self.dependent = Storages()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if not isinstance(func, torch._ops.OpOverload):
            return func(*args, **kwargs)
        tensors = list(_flat((*args, *kwargs.values())))
        if any(is_traceable_wrapper_subclass(tensor) for tensor in tensors):
            return NotImplemented  # the ops on what it wraps come here
        written = [tensor for tensor in _written(func, args, kwargs) if not isinstance(tensor, FakeTensor)]
        return self.dispatch(func, args, kwargs, tensors, written)

    def dispatch(self, func: Any, args: Any, kwargs: Any, tensors: list[Any], written: list[Any]) -> Any:
        """Runs an op. `tensors` are its tensor arguments, `written` the real ones that it writes to."""
        raise NotImplementedError

    def look_at_memory(self, func: Any, args: Any) -> None:
        """A call of the torch function `func` may hand out its first argument's memory."""
        if getattr(func, "__name__", "") in _MEMORY and args and isinstance(args[0], torch.Tensor):
            with torch._C.DisableTorchFunction():
                self.hand_out(func.__name__, args[0])

    def hand_out(self, how: str, tensor: Any) -> None:
        """The memory of a tensor is about to be read or written by other means than an op."""
        raise NotImplementedError

    def is_own(self, tensor: Any) -> bool:
        """Whether this pass made the tensor's memory, from an input, a parameter or by chance."""
        key = storage_key(tensor)
        return key in self.made and key in self.dependent

    def restore(self) -> None:
        """Puts back what was written."""

    def _follow(self, func: Any, tensors: list[Any], written: list[Any], result: Any) -> None:
        depends = torch.Tag.nondeterministic_seeded in func.tags or any(map(self._depends, tensors))
        keys = {storage_key(tensor) for tensor in tensors}
        for tensor in _flat((result,) if isinstance(result, torch.Tensor) else result):
            if storage_key(tensor) not in keys:
                self.made.add(tensor)
                if depends:
                    self.dependent.add(tensor)
        if depends:
            for tensor in written:
                self.dependent.add(tensor)

    def _depends(self, tensor: Any) -> bool:
        key = storage_key(tensor)
        return tensor.requires_grad or key in self.given or key in self.dependent


class CopyOnWrite(Guard):
    """For a real pass: keeps a copy of what an op is about to overwrite, unless this pass made it."""

    def __init__(self, given: Iterable[Any]) -> None:
        super().__init__(given)
        self._copies: list[tuple[Any, Any]] = []
        self._moved: list[tuple[Any, Any]] = []
        self._versions: list[tuple[Any, int]] = []
        self._regions: set[Any] = set()
        self._copied: dict[int, int] = {}

    def dispatch(self, func: Any, args: Any, kwargs: Any, tensors: list[Any], written: list[Any]) -> Any:
        """See `Guard`."""
        if func.namespace in _COLLECTIVES and _world_size() > 1:
            raise RuntimeError(
                f"add_graph came to a collective ({func}) on one of {_world_size()} ranks, and the others "
                "would not answer; wanted a forward that needs no other rank: log the graph of a part"
            )
        for tensor in written:
            self.save(tensor)
            if func.overloadpacket is torch.ops.aten.resize_:
                self._move(tensor)
        result = func(*args, **kwargs)
        self._follow(func, tensors, written, result)
        return result

    def hand_out(self, how: str, tensor: Any) -> None:
        """See `Guard`."""
        is_pointer = how == "data_ptr" and isinstance(tensor, torch.nn.Parameter)  # kernels read those
        if how != "tolist" and not is_pointer:
            self.save(tensor)

    def save(self, tensor: Any) -> None:
        """Copies the tensor's bytes, once each."""
        key = storage_key(tensor)
        if key in self.made or tensor.device.type == "meta" or _is_released(tensor):
            return
        self._versions.append((tensor, version(tensor)))
        if not key:  # sparse ones and others without memory of their own
            region: Any = id(tensor)
        else:
            region = (key, tensor.storage_offset(), tensor.shape, tensor.stride(), tensor.dtype)
        if region in self._regions or (key, "all") in self._regions:
            return
        self._regions.add(region)
        with _disable_current_modes(), torch.no_grad():
            alias = tensor.detach()
            if key and self._copied.get(key, 0) > tensor.untyped_storage().nbytes():
                # Many small writes to one memory: one copy of it all costs no more than they do.
                self._regions.add((key, "all"))
                alias = torch.empty(0, dtype=torch.uint8, device=tensor.device).set_(tensor.untyped_storage())
            copy = alias.clone()
        self._copied[key] = self._copied.get(key, 0) + copy.nbytes if key else 0
        self._copies.append((alias, copy))

    def _move(self, tensor: Any) -> None:
        """A larger tensor may not fit its memory, and the program's would be given back: it gets a copy's."""
        if storage_key(tensor) not in self.made:
            with _disable_current_modes(), torch.no_grad():
                alias = tensor.detach()
                self._moved.append((tensor, alias))
                tensor.data = alias.clone()
                self.made.add(tensor)

    def restore(self) -> None:
        """See `Guard`."""
        with _disable_current_modes(), torch.no_grad():
            for tensor, alias in reversed(self._moved):
                tensor.data = alias
            for alias, copy in reversed(self._copies):
                alias.copy_(copy)
        for tensor, before in reversed(self._versions):
            set_version(tensor, before)


class WithoutData(Guard):
    """For a pass on fake tensors, above their mode: what depends on constants alone is computed, so that a
    mask that the program caches is a mask; and nothing is written to a real tensor of the program.

    A real tensor that was to be written has stale values from then on, and counts as one without.
    """

    def __init__(self, given: Iterable[Any], mode: FakeTensorMode) -> None:
        super().__init__(given)
        self._mode = mode
        self._stale = Storages()
        self._fakes: dict[int, Any] = {}
        self._versions: list[tuple[Any, int]] = []

    def dispatch(self, func: Any, args: Any, kwargs: Any, tensors: list[Any], written: list[Any]) -> Any:
        """See `Guard`."""
        if func.namespace == "c10d":
            return self._answer_collective(func, args, kwargs, written)
        has_values = not any(map(self._lacks_values, tensors))
        if has_values and torch.Tag.data_dependent_output in func.tags:
            return self._compute(func, args, kwargs, tensors)
        if has_values and not any(map(self._is_weight, tensors)) and all(map(self._is_made, written)):
            result = self._compute(func, args, kwargs, tensors)
            self._follow(func, tensors, written, result)
            return result
        self._mark_stale(func, written)
        for tensor in tensors:
            if id(tensor) not in self._fakes and self._is_parameter(tensor):
                # The mode forgets a fake that nobody holds, and would make another at each use.
                self._fakes[id(tensor)] = self._mode.from_tensor(tensor)
        if not any(isinstance(tensor, FakeTensor) for tensor in tensors):
            # The mode would take small tensors among these for constants, and compute with them.
            args, kwargs = tree_map_only(torch.Tensor, self._mode.from_tensor, (args, kwargs))
        return func(*args, **kwargs)

    def hand_out(self, how: str, tensor: Any) -> None:
        """See `Guard`."""
        if self._lacks_values(tensor) or (how != "tolist" and not self._is_made(tensor)):
            raise NeedsValues(f"Tensor.{how} needs values")

    def restore(self) -> None:
        """See `Guard`."""
        self._fakes.clear()
        for tensor, before in reversed(self._versions):
            set_version(tensor, before)

    def is_own(self, tensor: Any) -> bool:
        """Also what it made and should have written to."""
        return super().is_own(tensor) or (storage_key(tensor) in self._stale and self._is_made(tensor))

    def _compute(self, func: Any, args: Any, kwargs: Any, tensors: list[Any]) -> Any:
        if all(item.alias_info is None for item in (*func._schema.arguments, *func._schema.returns)):
            try:
                outline = func(*args, **kwargs)  # on fake tensors: how large it would be
            except Exception:
                if not tensors:
                    raise
            else:
                made = _flat((outline,) if isinstance(outline, torch.Tensor) else outline)
                if sum(tensor.nbytes for tensor in made) > MAX_CONSTANT_BYTES:
                    return outline
        with _disable_current_modes():
            return func(*args, **kwargs)

    def _mark_stale(self, func: Any, written: list[Any]) -> None:
        if written and torch.Tag.inplace_view in func.tags:
            raise NeedsValues(f"{func} changes the shape of a tensor of the program")
        for tensor in written:
            self._versions.append((tensor, version(tensor)))
            self._stale.add(tensor)

    def _answer_collective(self, func: Any, args: Any, kwargs: Any, written: list[Any]) -> Any:
        """What the collective would return, without the other ranks."""
        from torch._C._distributed_c10d import FakeWork

        self._mark_stale(func, written)
        outputs = iter(args)  # they come first
        answers = [
            FakeWork().boxed() if "Work" in str(item.type) else next(outputs) for item in func._schema.returns
        ]
        return answers[0] if len(answers) == 1 else tuple(answers)

    def _lacks_values(self, tensor: Any) -> bool:
        return isinstance(tensor, FakeTensor) or storage_key(tensor) in self._stale

    def _is_weight(self, tensor: Any) -> bool:
        return tensor.requires_grad or storage_key(tensor) in self.given

    def _is_parameter(self, tensor: Any) -> bool:
        return isinstance(tensor, torch.nn.Parameter) and not isinstance(tensor, FakeTensor)

    def _is_made(self, tensor: Any) -> bool:
        return storage_key(tensor) in self.made


def _is_released(tensor: Any) -> bool:
    """Whether its memory was given back, as sharded models do between two uses of a parameter."""
    return bool(storage_key(tensor)) and tensor.numel() > 0 and tensor.untyped_storage().nbytes() == 0


def _flat(values: Any) -> Iterator[Any]:
    """Tensors in the arguments or results of an op: itself, or in lists of them."""
    for value in values if isinstance(values, (tuple, list)) else ():
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _flat(value)


@functools.lru_cache(maxsize=4096)
def _writes(func: Any) -> tuple[tuple[int, str], ...]:
    """(position, name) of each argument that an op writes to."""
    if func.namespace == "c10d":  # collectives do not say so: what they write to comes first
        return ((0, func._schema.arguments[0].name),)
    found = []
    for index, argument in enumerate(func._schema.arguments):
        is_written = argument.alias_info is not None and argument.alias_info.is_write
        if is_written or (argument.name in _STATISTICS and "Tensor" in str(argument.type)):
            found.append((index, argument.name))
    return tuple(found)


def _written(func: Any, args: Any, kwargs: Any) -> Iterator[Any]:
    """The tensors that an op writes to."""
    for index, name in _writes(func):
        yield from _flat((args[index] if index < len(args) else kwargs.get(name),))


def _world_size() -> int:
    distributed = torch.distributed
    return distributed.get_world_size() if distributed.is_available() and distributed.is_initialized() else 1
