"""Work in pieces on all cores: in order, and the same whatever the machine."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest

from cupola.cli.blas import use_one_blas_thread
from cupola.plugins.projector import parallel
from cupola.plugins.projector import pca as module
from cupola.plugins.projector.parallel import in_order


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_results_come_in_the_order_of_the_places(count: int) -> None:
    assert list(in_order(lambda place: place * place, range(count))) == [at * at for at in range(count)]


def test_few_results_wait_to_be_taken() -> None:
    made: list[int] = []
    results = in_order(lambda place: made.append(place), range(10_000))
    next(results)
    assert len(made) <= 2 * parallel.MOST_THREADS + 2
    results.close()  # type: ignore[attr-defined]


def test_large_results_are_made_one_at_a_time() -> None:
    threads = set()
    for _ in in_order(
        lambda place: threads.add(threading.get_ident()), range(20), bytes_each=parallel.MOST_BYTES
    ):
        pass
    assert threads == {threading.get_ident()}


def test_an_error_reaches_who_asks() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda place: 1 // (place - 5), range(10)))


def test_components_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK_VALUES", 500)
    matrix = np.random.default_rng(0).normal(size=(900, 20)).astype(np.float32)
    matrix[3, 4] = np.nan
    several = module.pca(matrix)
    monkeypatch.setattr(parallel, "MOST_THREADS", 1)
    one = module.pca(matrix)
    assert np.array_equal(several.variance, one.variance)
    assert np.array_equal(several.components, one.components, equal_nan=True)


def test_blas_has_one_thread_unless_somebody_says_otherwise() -> None:
    environment = {"MKL_NUM_THREADS": "3"}
    use_one_blas_thread(environment)
    assert environment == {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "3"}


def test_the_command_says_so_before_numpy_is_there() -> None:
    code = (
        "import sys, cupola.cli; from cupola.cli.blas import use_one_blas_thread;"
        "assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
