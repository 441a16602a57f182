"""PCA and neighbours on the server, against NumPy's SVD and brute force."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from cupola.plugins.projector import pca as module
from cupola.plugins.projector.neighbours import nearest
from cupola.plugins.projector.pca import pca

Matrix = np.ndarray[Any, np.dtype[np.float32]]


def noise(rows: int, columns: int, rank: int = 6, seed: int = 0) -> Matrix:
    """A matrix with `rank` strong, distinct directions."""
    generator = np.random.default_rng(seed)
    strong = generator.standard_normal((rows, rank)) * np.arange(rank, 0, -1) ** 2
    return (
        strong @ generator.standard_normal((rank, columns)) + generator.standard_normal((rows, columns)) + 3
    ).astype(np.float32)


def svd(matrix: Matrix) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Coordinates and fractions of variance, by the textbook."""
    centred = matrix.astype(np.float64) - matrix.astype(np.float64).mean(axis=0)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    return left * singular, singular**2 / (singular**2).sum()


@pytest.mark.parametrize("shape", [(200, 11), (40, 300), (10, 10), (500, 3)])
def test_agrees_with_the_svd(shape: tuple[int, int]) -> None:
    matrix = noise(*shape)
    coordinates, variance = svd(matrix)
    result = pca(matrix)
    leading = min(10, *shape)
    assert len(result.components) == leading
    np.testing.assert_allclose(result.variance, variance[:leading], atol=1e-9)
    for index in range(leading - (shape[0] == shape[1])):  # ten points span nine dimensions
        mine, theirs = result.components[index], coordinates[:, index]
        sign = np.sign(mine @ theirs)
        np.testing.assert_allclose(mine * sign, theirs, rtol=1e-4, atol=1e-3)
    assert not result.approximate


def test_large_matrices_are_single_precision_and_still_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_EXACT_VALUES", 0)
    monkeypatch.setattr(module, "_BLOCK_VALUES", 1000)
    matrix = noise(300, 40)
    np.testing.assert_allclose(pca(matrix).variance, svd(matrix)[1][:10], rtol=1e-4)


def test_matrices_large_on_both_sides_are_approximated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT_SIDE", 50)
    matrix = noise(300, 200, rank=10)
    result = pca(matrix)
    assert result.approximate
    np.testing.assert_allclose(result.variance, svd(matrix)[1][:10], rtol=1e-3)


def test_signs_do_not_depend_on_the_order_of_rows() -> None:
    matrix = noise(100, 8)
    order = np.random.default_rng(1).permutation(100)
    np.testing.assert_allclose(pca(matrix[order]).components[0], pca(matrix).components[0][order], rtol=1e-4)


def test_sphereized_points_lie_on_a_sphere_around_the_centroid() -> None:
    matrix = noise(150, 5)
    unit = matrix - matrix.mean(axis=0)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    np.testing.assert_allclose(pca(matrix, sphereize=True).variance, svd(unit)[1], atol=1e-6)


def test_rows_that_are_not_finite_take_no_part() -> None:
    matrix = noise(50, 4)
    broken = np.insert(matrix, [3, 20], [[np.nan] * 4, [np.inf] * 4], axis=0)
    result = pca(broken)
    assert result.finite == 50
    assert np.flatnonzero(np.isnan(result.components[0])).tolist() == [3, 21]
    np.testing.assert_allclose(result.variance, pca(matrix).variance)


@pytest.mark.parametrize(
    ("matrix", "variance"),
    [
        (np.zeros((0, 5)), []),
        (np.full((3, 2), np.nan), []),
        (np.ones((1, 5)), [0]),
        (np.ones((4, 2)), [0, 0]),
        (np.array([[0.0], [1.0]]), [1]),
        (np.array([[3e38, 0], [-3e38, 0], [0, 0]]), [1, 0]),
    ],
)
def test_matrices_with_little_in_them(matrix: Matrix, variance: list[float]) -> None:
    for sphereize in (False, True):
        result = pca(matrix.astype(np.float32), sphereize)
        assert [round(float(fraction), 6) for fraction in result.variance] == pytest.approx(
            variance, abs=1e-6
        )
        assert all(len(part) == len(matrix) for part in result.components)


def test_60_000_digits_take_a_few_seconds() -> None:
    matrix = np.random.default_rng(0).standard_normal((60_000, 784), dtype=np.float32)
    start = time.process_time()
    pca(matrix)
    assert time.process_time() - start < 10
    start = time.process_time()
    nearest(matrix, 7, 100, "cosine")
    assert time.process_time() - start < 1.5


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_neighbours_are_those_of_brute_force(metric: str) -> None:
    matrix = noise(300, 7, seed=4)
    matrix[5] = matrix[100]
    matrix[6] = 0
    matrix[7] = np.nan
    indices, away = nearest(matrix, 100, 20, metric)
    wanted = []
    origin = matrix[100].astype(float)
    for index, row in enumerate(matrix.astype(float)):
        if metric == "euclidean":
            distance = float(np.sqrt(((row - origin) ** 2).sum()))
        else:
            lengths = float(np.linalg.norm(row) * np.linalg.norm(origin))
            distance = 1 - float(row @ origin) / lengths if lengths else 1.0
        if index != 100 and not np.isnan(distance):
            wanted.append((distance, index))
    wanted = sorted(wanted)[:20]
    assert indices[0] == 5
    assert set(indices.tolist()) == {index for _, index in wanted}
    np.testing.assert_allclose(away, [distance for distance, _ in wanted], atol=1e-9)


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "dot"])
@pytest.mark.parametrize(
    "shape", [(5000, 64), (3000, 1), (2000, 7), (400, 130), (3, 4), (1, 3), (50, 0), (2, 0)]
)
def test_neighbours_of_any_shape_are_numpys(shape: tuple[int, int], metric: str) -> None:
    matrix = (noise(*shape, seed=1) if shape[1] else np.zeros(shape)).astype(np.float32)
    exact = matrix.astype(np.float64)
    at = shape[0] // 2
    lengths = np.linalg.norm(exact, axis=1) * np.linalg.norm(exact[at])
    away = {
        "cosine": 1 - np.divide(exact @ exact[at], lengths, out=np.zeros(shape[0]), where=lengths > 0),
        "euclidean": np.linalg.norm(exact - exact[at], axis=1),
        "dot": -(exact @ exact[at]),
    }[metric]
    for count in (1, 5, 999):
        indices, found = nearest(matrix, at, count, metric)
        others = np.delete(np.arange(shape[0]), at)
        np.testing.assert_allclose(found, np.sort(away[others])[:count], atol=1e-12)
        np.testing.assert_allclose(away[indices], found, atol=1e-12)
        assert at not in indices and len(set(indices.tolist())) == min(count, shape[0] - 1)


def test_equal_distances_are_in_the_order_of_the_rows() -> None:
    matrix = np.tile(np.eye(3, dtype=np.float32), (400, 1))
    for count in (1, 100, 399, 400, 700):
        indices, _ = nearest(matrix, 0, count, "euclidean")
        same, others = list(range(3, 1200, 3)), [row for row in range(1200) if row % 3]
        assert indices.tolist() == (same + others)[:count]


def test_more_neighbours_than_points() -> None:
    indices, away = nearest(np.eye(4, dtype=np.float32), 2, 100, "cosine")
    assert indices.tolist() == [0, 1, 3]
    assert away.tolist() == [1, 1, 1]
    assert nearest(np.full((2, 2), np.nan, np.float32), 0, 5, "euclidean")[0].tolist() == []


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("width", [1, 2, 4, 300])
def test_few_points_have_no_place_on_components_that_hold_nothing(count: int, width: int) -> None:
    matrix = (100 * np.random.default_rng(count).standard_normal((count, width))).astype(np.float32)
    found = pca(matrix)
    rank = min(count - 1, width)
    for component, fraction in zip(found.components[rank:], found.variance[rank:], strict=True):
        assert fraction == pytest.approx(0, abs=1e-9)
        np.testing.assert_array_equal(component, 0)
    away = np.linalg.norm(matrix[:, None] - matrix[None], axis=2)
    shown = np.stack(found.components, axis=1)
    np.testing.assert_allclose(
        np.linalg.norm(shown[:, None] - shown[None], axis=2), away, rtol=1e-4, atol=1e-3
    )
