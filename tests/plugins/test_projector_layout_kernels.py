"""The codec's kernels of t-SNE and UMAP against NumPy, SciPy and scikit-learn."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from cupola import _codec
from cupola.plugins.projector.layouts.umap import fit_curve

RANDOM = np.random.default_rng(0)


def all_squared(points):
    points = points.astype(np.float64)
    return np.square(points[:, None] - points[None]).sum(axis=2)


def dense(count, starts, columns, values):
    out = np.zeros((count, count))
    out[np.repeat(np.arange(count), np.diff(starts)), columns] = values
    return out


@pytest.mark.parametrize("width", [1, 2, 16, 17, 50])
def test_all_pairs_compared_are_the_nearest_neighbours(width):
    points = RANDOM.normal(size=(300, width)).astype(np.float32)
    graph = _codec.KnnGraph(points, 12)
    graph.compare_all(0, 300)
    indices, squared = graph.sorted(12)
    wanted = all_squared(points) + np.diag(np.full(300, np.inf))
    np.testing.assert_allclose(squared, np.sort(wanted, axis=1)[:, :12], rtol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(wanted, indices, axis=1), squared, rtol=1e-5)


@pytest.mark.parametrize(("k", "wanted"), [(15, 15), (30, 90)])
def test_descent_finds_nearly_all_neighbours(k, wanted):
    centres = RANDOM.normal(size=(40, 20)) * 3
    points = (centres[RANDOM.integers(0, 40, 4000)] + RANDOM.normal(size=(4000, 20))).astype(np.float32)
    exact = _codec.KnnGraph(points, wanted)
    exact.compare_all(0, 4000)
    graph = _codec.KnnGraph(points, k, 3)
    for _ in range(8):
        graph.plant_tree()
    while graph.refine() > 0.001 * k * 4000:
        pass
    found, nearest = graph.sorted(wanted)[0], exact.sorted(wanted)[0]
    recall = np.mean([np.isin(a, b).mean() for a, b in zip(nearest, found, strict=True)])
    assert recall > 0.9


def test_the_same_seed_gives_the_same_graph_and_no_point_is_its_own_neighbour():
    points = RANDOM.normal(size=(3000, 8)).astype(np.float32)

    def made(seed):
        graph = _codec.KnnGraph(points, 10, seed)
        graph.plant_tree()
        graph.refine()
        return graph.sorted(10)

    first, again = made(5), made(5)
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    found = np.isfinite(first[1])
    assert not (found & (first[0] == np.arange(3000)[:, None])).any()
    assert all(len(set(row[ok])) == ok.sum() for row, ok in zip(first[0], found, strict=True))


def test_equal_points_make_a_graph_too():
    points = np.zeros((500, 4), np.float32)
    graph = _codec.KnnGraph(points, 6)
    graph.plant_tree()
    graph.refine()
    assert (graph.sorted(6)[1] == 0).all()


def test_affinities_have_the_perplexity():
    squared = np.sort(RANDOM.exponential(size=(200, 60)), axis=1).astype(np.float32)
    p = _codec.perplexity_weights(squared, 15.0).astype(np.float64)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-5)
    entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=1)
    np.testing.assert_allclose(np.exp(entropy), 15, rtol=1e-3)


def test_affinities_of_equal_distances_and_of_missing_neighbours():
    squared = np.array([[0, 0, 0], [1, 1, 1], [1, np.inf, np.inf], [np.inf, np.inf, np.inf]], np.float32)
    p = _codec.perplexity_weights(squared, 2.0)
    np.testing.assert_allclose(p[:2], 1 / 3, rtol=1e-6)
    np.testing.assert_allclose(p[2:], [[1, 0, 0], [0, 0, 0]], atol=1e-6)


def test_fuzzy_weights_reach_log2_of_the_neighbours():
    squared = np.sort(RANDOM.uniform(0.5, 9, size=(200, 15)), axis=1).astype(np.float32)
    weights = _codec.fuzzy_weights(squared).astype(np.float64)
    np.testing.assert_allclose(weights[:, 0], 1)
    np.testing.assert_allclose(weights.sum(axis=1), np.log2(16) - 1, rtol=1e-3)
    assert (np.diff(weights, axis=1) <= 0).all()


@pytest.mark.parametrize("fuzzy", [False, True])
def test_symmetrized_is_the_sum_with_the_transpose(fuzzy):
    indices = np.stack([RANDOM.choice(np.delete(np.arange(50), i), 7, replace=False) for i in range(50)])
    weights = RANDOM.uniform(size=(50, 7)).astype(np.float32)
    p = np.zeros((50, 50))
    np.put_along_axis(p, indices, weights, axis=1)
    wanted = p + p.T - (p * p.T if fuzzy else 0)
    starts, columns, values = _codec.symmetrized(indices.astype(np.int32), weights, fuzzy)
    np.testing.assert_allclose(dense(50, starts, columns, values), wanted, rtol=1e-6)
    assert all((np.diff(columns[a:b]) > 0).all() for a, b in itertools.pairwise(starts))


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("spread", [1e-4, 1.0, 300.0])
def test_repulsion_is_the_sum_over_all_pairs(dimensions, spread):
    y = (RANDOM.normal(size=(1500, dimensions)) * spread).astype(np.float32)
    apart = y[:, None].astype(np.float64) - y[None]
    q = 1 / (1 + np.square(apart).sum(axis=2))
    np.fill_diagonal(q, 0)
    wanted = (np.square(q)[:, :, None] * apart).sum(axis=1)
    exact, z = _codec.repel(y, 0.0)
    np.testing.assert_allclose(exact, wanted, atol=2e-3 * np.abs(wanted).max())
    assert z == pytest.approx(q.sum(), rel=1e-4)
    near, z = _codec.repel(y, 0.5)
    assert z == pytest.approx(q.sum(), rel=2e-2)
    assert np.abs(near - wanted).mean() < 0.05 * np.abs(wanted).mean()


def test_repulsion_of_equal_and_of_single_points():
    forces, z = _codec.repel(np.zeros((100, 2), np.float32), 0.5)
    assert (forces == 0).all()
    assert z == pytest.approx(100 * 99)
    forces, z = _codec.repel(np.ones((1, 3), np.float32), 0.5)
    assert z == pytest.approx(0)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_attraction_is_the_sum_over_edges(dimensions):
    y = RANDOM.normal(size=(60, dimensions)).astype(np.float32)
    indices = np.stack([RANDOM.choice(np.delete(np.arange(60), i), 5, replace=False) for i in range(60)])
    edges = _codec.symmetrized(
        indices.astype(np.int32), RANDOM.uniform(size=(60, 5)).astype(np.float32), False
    )
    p = dense(60, *edges)
    apart = y[:, None].astype(np.float64) - y[None]
    q = 1 / (1 + np.square(apart).sum(axis=2))
    forces, loss = _codec.attract(*edges, y, True)
    np.testing.assert_allclose(forces, ((p * q)[:, :, None] * apart).sum(axis=1), atol=1e-4)
    assert loss == pytest.approx(-(p * np.log(q)).sum(), rel=1e-5)


@pytest.mark.parametrize("min_distance", [0.0, 0.1, 0.5, 0.99])
def test_umaps_curve_is_the_least_squares_fit(min_distance):
    optimize = pytest.importorskip("scipy.optimize")
    x = np.linspace(0, 3, 300)
    wanted = np.where(x < min_distance, 1.0, np.exp(-(x - min_distance)))
    (a, b), _ = optimize.curve_fit(lambda x, a, b: 1 / (1 + a * x ** (2 * b)), x, wanted)
    assert fit_curve(min_distance) == pytest.approx((a, b), rel=1e-3)


def test_wrong_arguments_are_refused():
    points = np.zeros((5, 2), np.float32)
    with pytest.raises(ValueError, match="1 <= k"):
        _codec.KnnGraph(points, 5)
    with pytest.raises(ValueError, match="no row"):
        _codec.symmetrized(np.full((5, 1), 7, np.int32), np.ones((5, 1), np.float32), False)
    with pytest.raises(ValueError, match="2 or 3"):
        _codec.repel(np.zeros((5, 4), np.float32), 0.5)
    edges = _codec.symmetrized(np.array([[1], [0]], np.int32), np.ones((2, 1), np.float32), False)
    with pytest.raises(ValueError, match="as many as points"):
        _codec.attract(*edges, points, False)
