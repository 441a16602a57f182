"""torch's tensors: which of them hold plain numbers here and now, and what those are. torch is never imported
here.

A tensor that holds none is refused with the call that would give it some. None of this starts a collective:
a rank that logs alone would wait for the others for ever.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.errors import NoValueYet, WrongType
from cupola.values.describe import describe_type, reason

_NUMPY_DTYPES: Final = frozenset(
    {f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)}
    | {"bool", "float16", "float32", "float64", "complex64", "complex128"}
)

_REFUSED: Final = {
    "FakeTensor": "is a fake tensor and has no values; wanted a tensor with data: log outside of what is "
    "traced or exported",
    "UninitializedTensorMixin": "is a parameter of a lazy module that has not run yet; wanted one with data: "
    "run the module once before",
}
"""Classes of torch whose tensors have no values, and what messages say of them."""


def is_tensor(value: Any) -> bool:
    """Whether it is a torch tensor, of a subclass too."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, getattr(torch, "Tensor", ()))


def is_dense(value: Any) -> bool:
    """Whether it is a tensor with a block of memory of its own, whose size can be asked for."""
    return is_tensor(value) and type(value).__module__ == "torch" and str(value.layout) == "torch.strided"


def plain(tensor: Any, name: str) -> Any:
    """The tensor's values: dense, of a dtype that NumPy has, on its own device.

    bfloat16 and float8 become float32, which holds each of their values exactly. A tensor of
    `torch.func.grad` or `jvp` gives the one that it stands for, a DTensor the local one if that is all of it.

    Args:
        tensor: a torch tensor.
        name: of the argument, for messages.

    Raises:
        WrongType: it has no plain numbers on this device, in this process.
    """
    with unseen():
        return _as_numpy_dtype(_dense(_inner(tensor, name), name), name)


def to_numpy(tensor: Any, name: str) -> NDArray[Any]:
    """The values of a tensor that `plain` gave, sharing its memory where they can.

    Raises:
        WrongType: it is of a subclass that gives none.
    """
    try:
        with unseen(), sys.modules["torch"]._C.DisableTorchFunctionSubclass():
            return np.asarray(tensor.numpy(force=True))
    except Exception as error:  # a subclass may raise anything
        raise WrongType(
            f"{name} is {describe_type(tensor)}, which gives no NumPy array ({reason(error)}); wanted a "
            "plain tensor: use .dequantize(), .to_dense() or what else its class has for that"
        ) from error


def split_mask(tensor: Any) -> tuple[Any, Any]:
    """The values of a `torch.masked.MaskedTensor` and where they are masked; of any other tensor itself and
    None.
    """
    if "MaskedTensor" not in _classes(tensor):
        return tensor, None
    with unseen():
        return tensor.get_data(), ~tensor.get_mask()


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """What is done with tensors within goes past the program's own dispatch modes and function transforms:
    none of them counts it, records it, wraps it or makes it fake.
    """
    torch = sys.modules["torch"]
    with contextlib.ExitStack() as entered:
        peek = getattr(getattr(torch._C, "_functorch", None), "peek_interpreter_stack", None)
        if peek is not None and peek() is not None:
            entered.enter_context(torch._C._ExcludeDispatchKeyGuard(_transforms()))
        if getattr(torch._C, "_len_torch_dispatch_stack", int)():
            from torch.utils._python_dispatch import _disable_current_modes

            entered.enter_context(_disable_current_modes())
        if is_traced():  # torch.jit.trace warns of every look at a value
            entered.callback(torch._C._set_tracing_state, torch._C._get_tracing_state())
            torch._C._set_tracing_state(None)
        yield


def is_traced() -> bool:
    """Whether `torch.jit.trace` records what this thread does."""
    try:
        return sys.modules["torch"]._C._get_tracing_state() is not None
    except AttributeError:  # another torch, or one that is still being imported
        return False


def refuse_captured(tensor: Any, name: str) -> None:
    """Looks whether a CUDA graph records what this thread does: to wait for a value would end that.

    Raises:
        NoValueYet: it does, and the tensor is on such a device.
    """
    if tensor.device.type != "cuda":
        return
    cuda = sys.modules["torch"].cuda
    if cuda.is_initialized() and cuda.is_current_stream_capturing():
        raise NoValueYet(
            f"{name} is recorded by a CUDA graph and not computed yet; wanted a value: log it after the "
            "graph's replay()"
        )


def _is_exporting() -> bool:
    compiler = getattr(sys.modules["torch"], "compiler", None)
    return bool(getattr(compiler, "is_exporting", bool)())


def _transforms() -> Any:
    """The dispatch keys by which `torch.func` sees every operation."""
    binding = sys.modules["torch"]._C
    keys = binding.DispatchKeySet(binding.DispatchKey.FuncTorchDynamicLayerFrontMode)
    return keys.add(binding.DispatchKey.FuncTorchDynamicLayerBackMode)


def _classes(tensor: Any) -> set[str]:
    """Names of those classes of torch that it is an instance of. They are known by name: where they stand
    has changed from version to version, and to import them takes seconds.
    """
    return {kind.__name__ for kind in type(tensor).__mro__ if kind.__module__.split(".")[0] == "torch"}


def _inner(tensor: Any, name: str) -> Any:
    """The tensor without what wraps it."""
    classes = _classes(tensor)
    for refused in _REFUSED.keys() & classes:
        kind = NoValueYet if refused == "FakeTensor" and _is_exporting() else WrongType
        raise kind(f"{name} {_REFUSED[refused]}")
    if "DTensor" in classes:
        return _inner(_local(tensor, name), name)
    if "AsyncCollectiveTensor" in classes:
        return _inner(tensor.wait(), name)  # for what is on its way already
    if "FunctionalTensor" in classes:
        return _inner(tensor.elem, name)
    torch = sys.modules["torch"]
    if getattr(torch, "_is_functional_tensor", _unknown)(tensor):
        torch._sync(tensor)
        return _inner(torch._from_functional_tensor(tensor), name)
    functorch = getattr(torch._C, "_functorch", None)
    if getattr(functorch, "is_batchedtensor", _unknown)(tensor):
        raise WrongType(
            f"{name} is a tensor under torch.vmap, which stands for each of a batch; wanted plain numbers: "
            "return it from the function and log it outside"
        )
    if functorch is not None and getattr(functorch, "is_gradtrackingtensor", _unknown)(tensor):
        return _inner(functorch.get_unwrapped(tensor), name)
    return tensor


def _unknown(_: Any) -> bool:
    """Stands for a question that this version of torch does not know."""
    return False


def _local(tensor: Any, name: str) -> Any:
    """The local tensor of a DTensor that is whole on this rank."""
    mesh, placements = tensor.device_mesh, tensor.placements
    parts = [
        place for axis, place in enumerate(placements) if not place.is_replicate() and mesh.size(axis) > 1
    ]
    if parts or mesh.get_coordinate() is None:
        raise WrongType(
            f"{name} is a DTensor with placements {placements}, of which this rank has a part only; wanted a "
            "whole tensor: use .full_tensor() on all ranks, or .to_local() for the part"
        )
    return tensor.to_local()


def _dense(tensor: Any, name: str) -> Any:
    if tensor.is_nested:
        raise WrongType(f"{name} is a nested tensor; wanted one with a shape: use .to_padded_tensor(0)")
    if tensor.is_quantized:
        raise WrongType(
            f"{name} is a quantized tensor ({tensor.dtype}); wanted plain numbers: use .dequantize()"
        )
    if "strided" not in str(tensor.layout):
        raise WrongType(f"{name} is a sparse tensor ({tensor.layout}); wanted a dense one: use .to_dense()")
    if tensor.device.type == "meta":
        raise WrongType(f"{name} is on the meta device and has no values; wanted a tensor with data")
    return tensor


def _as_numpy_dtype(tensor: Any, name: str) -> Any:
    dtype = str(tensor.dtype).removeprefix("torch.")
    if dtype in _NUMPY_DTYPES:
        return tensor
    torch = sys.modules["torch"]
    wide = torch.complex64 if tensor.is_complex() else torch.float32
    try:
        return tensor.detach().to(wide)
    except (RuntimeError, TypeError) as error:
        raise WrongType(
            f"{name} has dtype {tensor.dtype}, which torch cannot convert to {wide} ({reason(error)}); "
            "wanted numbers: unpack it with its library"
        ) from error
