"""What a pass may change, and how it is put back: the model, what its code can reach, and the process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from cupola.plugins.graphs.recorder import values
from cupola.plugins.graphs.recorder.process_state import process_state
from cupola.plugins.graphs.recorder.python_state import PythonState
from cupola.plugins.graphs.recorder.tensor_state import TensorStates


class State:
    """What the model, its input, and whatever their code can reach were before a pass."""

    def __init__(self, model: Any, given: Any) -> None:
        self._python = PythonState((model, given))
        self.differentiates = self._python.differentiates
        self._known = set(map(id, self._python.tensors))
        self._tensors = TensorStates(self._python.tensors)
        self._scripts = [_Script(module) for module in self._python.modules if _is_script(module)]
        self.given = values.tensors(given)
        """The tensors of the input, the parameters and the buffers."""
        for module in self._python.modules:
            members = (*module._parameters.values(), *module._buffers.values())
            self.given += [tensor for tensor in members if tensor is not None]

    def knows(self, tensor: Any) -> bool:
        """Whether this very tensor was there before the pass."""
        return id(tensor) in self._known

    @contextlib.contextmanager
    def put_back(self, guard: Any) -> Iterator[None]:
        """After the block all is as it was, and so are the bytes that the guard has saved."""
        try:
            self._python.give_copies_of_iterators()
            yield
        finally:
            guard.restore()
            self._python.restore()  # which says where the tensors are
            for script in self._scripts:
                script.restore()
            self._tensors.restore()


class _Script:
    """The attributes of a scripted module, which lie in C++ and are copied when Python asks for them."""

    def __init__(self, module: Any) -> None:
        self._object = module._c
        concrete = getattr(module, "_concrete_type", None)
        names = concrete.get_attributes() if concrete is not None else ()
        self._values = {name: self._object.getattr(name) for name in names if self._object.hasattr(name)}

    def restore(self) -> None:
        import torch

        for name, before in self._values.items():
            now = self._object.getattr(name)
            is_tensor = isinstance(now, torch.Tensor) or isinstance(before, torch.Tensor)
            if now is not before and (is_tensor or now != before):
                self._object.setattr(name, before)


@contextlib.contextmanager
def undisturbed(modules: Sequence[Any]) -> Iterator[None]:
    """Eval mode inside; outside, every module's own `training` flag and the process are as before."""
    flags = [module.training for module in modules]
    with process_state():
        try:
            for module in modules:
                if module.training:
                    module.training = False
            yield
        finally:
            for module, flag in zip(modules, flags, strict=True):
                if module.training != flag:
                    module.training = flag


def _is_script(module: Any) -> bool:
    import torch

    return isinstance(module, torch.jit.ScriptModule)
