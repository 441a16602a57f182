"""What users hand over: each kind is taken with its exact values, or refused with a word about why."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from cupola.errors import WrongType, WrongValue
from cupola.values.arguments import check_tag
from cupola.values.arrays import make_np, snapshot


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (3, 3),
        (0.5, 0.5),
        (True, True),
        (np.float16(0.25), 0.25),
        (10**21, 1e21),
        (2**64 - 1, np.uint64(2**64 - 1)),
        ([1, 2.5], [1, 2.5]),
        ((1, 2), [1, 2]),
        ([torch.tensor(1.0), torch.tensor(2.0)], [1, 2]),
        ([np.zeros(2), torch.ones(2)], [[0, 0], [1, 1]]),
        (torch.tensor([1.5, -2.0], requires_grad=True), [1.5, -2]),
        (torch.nn.Parameter(torch.ones(2, 2)), [[1, 1], [1, 1]]),
        (torch.tensor([1 + 2j]).conj(), [1 - 2j]),
        (
            torch.tensor([1e38, 1.0078125], dtype=torch.bfloat16),
            [float(torch.tensor(1e38).bfloat16()), 1.0078125],
        ),
        (torch.tensor([448.0, -0.015625], dtype=torch.float8_e4m3fn), [448, -0.015625]),
        (torch.arange(6).reshape(2, 3).t(), [[0, 3], [1, 4], [2, 5]]),
    ],
)
def test_takes(given: object, wanted: object) -> None:
    np.testing.assert_array_equal(make_np(given), wanted)
    np.testing.assert_array_equal(snapshot(given).array(), wanted)


def test_numbers_have_no_axis() -> None:
    assert make_np(1.1).shape == make_np(np.int64(7)).shape == make_np(torch.tensor(2.0)).shape == ()


class ByArray:
    """As JAX does."""

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return np.array([1.0, 2.0])


class ByDlpack:
    """As any library that exports DLPack and nothing else."""

    def __init__(self) -> None:
        self.inner = np.array([1.0, 2.0])

    def __dlpack__(self, **options: Any) -> object:
        return self.inner.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.inner.__dlpack_device__()


class LikeCupy:
    """CuPy's arrays refuse to be converted silently and want to be asked."""

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        raise TypeError("Implicit conversion to a NumPy array is not allowed.")

    def get(self) -> np.ndarray:
        return np.array([1.0, 2.0])


class LikeMxnet:
    def asnumpy(self) -> np.ndarray:
        return np.array([1.0, 2.0])


@pytest.mark.parametrize("kind", [ByArray, ByDlpack, LikeCupy, LikeMxnet])
def test_takes_arrays_of_libraries_it_does_not_know(kind: type) -> None:
    np.testing.assert_array_equal(make_np(kind()), [1, 2])


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (None, "None"),
        ({"pytorch": 1.0}, "dict"),
        (object(), "object"),
        ("3.5", "str"),
        (np.array(["a"]), "dtype"),
        (np.array([None]), "object"),
        ([[1], "a"], r"thing\[1\]"),
        (torch.eye(3).to_sparse(), "to_dense"),
        (torch.empty(3, device="meta"), "meta"),
    ],
)
def test_refuses_by_name(given: object, word: str) -> None:
    with pytest.raises(WrongType, match=word) as caught:
        make_np(given, "thing")
    assert "thing" in str(caught.value)
    assert isinstance(caught.value, (TypeError, NotImplementedError))


@pytest.mark.filterwarnings("ignore")  # torch says that these are in beta, or deprecated
def test_refuses_tensors_without_plain_numbers() -> None:
    with pytest.raises(WrongType, match=r"sparse.*to_dense"):
        make_np(torch.eye(3).to_sparse_csr())
    with pytest.raises(WrongType, match=r"quantized.*dequantize"):
        make_np(torch.quantize_per_tensor(torch.rand(3), 0.1, 0, torch.quint8))
    with pytest.raises(WrongType, match=r"nested.*to_padded_tensor"):
        make_np(torch.nested.nested_tensor([torch.rand(2), torch.rand(3)]))


def test_refuses_ragged_lists() -> None:
    with pytest.raises(WrongValue, match=r"different shapes"):
        make_np([np.zeros(2), np.zeros(3)], "img_tensor")


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int64])
def test_snapshot_is_the_value_at_the_call(dtype: torch.dtype) -> None:
    tensor = torch.ones(4, dtype=dtype)
    taken = snapshot(tensor)
    tensor.zero_()
    assert taken.array().tolist() == [1, 1, 1, 1]
    array = np.ones(3)
    taken = snapshot(array)
    array[:] = 0
    assert taken.array().tolist() == [1, 1, 1]
    assert taken.nbytes == 24


def test_tag_must_be_a_string() -> None:
    assert check_tag("a") == "a"
    with pytest.raises(WrongType, match="tag is of type int"):
        check_tag(3)


def test_encoders_import_no_library() -> None:
    script = """
import pkgutil, importlib, sys
import cupola.summary, cupola.plugins
heavy = {name.split(".")[0] for name in sys.modules} & {"torch", "PIL", "matplotlib", "jax", "tensorboard"}
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", script], check=True)
