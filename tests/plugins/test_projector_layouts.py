"""Layouts in one process: what t-SNE and UMAP make of points, and of what they cannot use."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cupola.plugins.projector.layouts.estimate import estimate
from cupola.plugins.projector.layouts.fit import Fit, supervised
from cupola.plugins.projector.layouts.parameters import METHODS, parse

RANDOM = np.random.default_rng(0)


def clusters(count=300, width=10, kinds=4):
    codes = RANDOM.integers(0, kinds, count)
    return (RANDOM.normal(size=(kinds, width))[codes] * 4 + RANDOM.normal(size=(count, width))).astype(
        "f4"
    ), codes


def fitted(matrix: Any, method: str = "tsne", labels: Any = None, **texts: Any) -> tuple[Fit, Any]:
    """The fit and its last frame."""
    parameters = parse(method, {"iterations": "60", **{name: str(value) for name, value in texts.items()}})
    fit = Fit(np.asarray(matrix, np.float32), parameters, labels, lambda stage, share: None)
    frames = list(fit.frames())
    assert frames[0].iteration == 0, "the start is the first frame"
    assert frames[-1].iteration == frames[-1].of
    return fit, frames[-1]


@pytest.mark.parametrize("method", METHODS)
def test_digits_keep_their_neighbourhoods_as_in_scikit_learn(method: str) -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    manifold = pytest.importorskip("sklearn.manifold")
    digits = datasets.load_digits().data.astype(np.float32)
    layout = fitted(digits, method, iterations=500)[1].y
    # With their defaults scikit-learn's t-SNE reaches 0.9905 and umap-learn 0.9881 (docs/design/0009).
    assert manifold.trustworthiness(digits, layout, n_neighbors=15) > {"tsne": 0.987, "umap": 0.984}[method]


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("method", METHODS)
def test_clusters_stay_apart_in_the_plane_and_in_space(method: str, dimensions: int) -> None:
    matrix, codes = clusters()
    layout = fitted(matrix, method, dimensions=dimensions, iterations=300)[1].y
    assert layout.shape == (300, dimensions)
    centres = np.stack([layout[codes == code].mean(axis=0) for code in range(4)])
    nearest = np.square(layout[:, None] - centres[None]).sum(axis=2).argmin(axis=1)
    assert (nearest == codes).mean() > 0.97


@pytest.mark.parametrize("method", METHODS)
def test_the_seed_decides(method: str) -> None:
    matrix = clusters()[0]
    first, again = fitted(matrix, method, seed=3)[1].y, fitted(matrix, method, seed=3)[1].y
    np.testing.assert_array_equal(first, again)


def test_the_loss_falls_and_is_the_divergence() -> None:
    matrix = clusters(200)[0]
    losses = [fitted(matrix, iterations=count)[1].loss for count in (260, 600)]
    assert 0 < losses[1] < losses[0]


@pytest.mark.parametrize("method", METHODS)
def test_rows_that_are_not_finite_take_no_part(method: str) -> None:
    matrix = clusters()[0]
    matrix[7, 3], matrix[200] = np.nan, np.inf
    fit, frame = fitted(matrix, method)
    assert fit.prepared.finite == 298
    assert not {7, 200} & set(fit.prepared.rows)
    assert frame.y.shape == (298, 2)
    assert np.isfinite(frame.y).all()


BAD = {
    "constant columns": np.pad(clusters(50)[0], ((0, 0), (0, 3)), constant_values=5),
    "all points equal": np.ones((40, 5)),
    "many duplicates": np.repeat(clusters(12)[0], 30, axis=0),
    "one column": RANDOM.normal(size=(60, 1)),
    "fewer points than the perplexity": clusters(20)[0],
    "four points": RANDOM.normal(size=(4, 8)),
    "the largest numbers": clusters(60)[0] * np.float32(1e37),
    "the smallest numbers": clusters(60)[0] * np.float32(1e-38),
    "far from the origin": clusters(60)[0] + 1e6,
    "wider than high": RANDOM.normal(size=(30, 500)),
}


@pytest.mark.parametrize("matrix", BAD.values(), ids=BAD)
@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("method", METHODS)
def test_every_matrix_has_a_finite_layout(method: str, dimensions: int, matrix: Any) -> None:
    frame = fitted(matrix, method, dimensions=dimensions)[1]
    assert frame.y.shape == (len(matrix), dimensions)
    assert np.isfinite(frame.y).all()


@pytest.mark.parametrize("shape", [(0, 5), (1, 5), (3, 5), (5, 0), (0, 0)])
@pytest.mark.parametrize("method", METHODS)
def test_too_few_points_are_refused_with_what_to_do(method: str, shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"PCA"):
        fitted(np.zeros(shape), method)


def test_more_points_than_asked_for_are_sampled() -> None:
    matrix = clusters(500)[0]
    matrix[:100] = np.nan
    fit, frame = fitted(matrix, points=50)
    assert len(fit.prepared.rows) == len(frame.y) == 50
    assert fit.prepared.rows.min() >= 100
    assert len(set(fit.prepared.rows)) == 50


def test_labels_supervise_all_but_the_ignored() -> None:
    affinities = np.ones(4, np.float32)
    starts, columns = np.array([0, 2, 3, 4]), np.array([1, 2, 0, 0], np.int32)
    weaker = supervised(affinities, starts, columns, np.array([0, 1, -1], np.int32), 0.75)
    np.testing.assert_allclose(weaker, [0.25, 1, 0.25, 1])
    matrix = RANDOM.normal(size=(200, 5)).astype(np.float32)  # without clusters of its own
    codes = RANDOM.integers(0, 2, 200).astype(np.int32)

    def mixed(supervise: int) -> float:
        y = fitted(matrix, "tsne", codes, supervise=supervise, field="x", iterations=400)[1].y
        near = np.square(y[:, None] - y[None]).sum(axis=2).argsort(axis=1)[:, 1:6]
        return float((codes[near] != codes[:, None]).mean())

    assert mixed(100) < 0.5 * mixed(0)


@pytest.mark.parametrize("method", METHODS)
def test_perturbing_moves_every_point(method: str) -> None:
    matrix = clusters()[0]
    asked = iter(range(1000))
    fit = Fit(matrix, parse(method, {"iterations": "20"}), None, lambda stage, share: None)
    frames = list(fit.frames(lambda: fit.perturb() if next(asked) == 19 else None))
    plain = fitted(matrix, method, iterations=20)[1].y
    assert (frames[-1].y != plain).all()
    assert np.isfinite(frames[-1].y).all()


@pytest.mark.parametrize(
    ("method", "texts"),
    [
        ("tsne", {"perplexity": "1"}),
        ("tsne", {"perplexity": "nan"}),
        ("tsne", {"iterations": "10.5"}),
        ("tsne", {"seed": "-1"}),
        ("umap", {"neighbours": "x"}),
        ("umap", {"min_distance": "1"}),
        ("umap", {"field": "f" * 5000}),
        ("isomap", {}),
    ],
)
def test_wrong_parameters_are_named(method: str, texts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(texts), "method")):
        parse(method, texts)


def test_parameters_that_mean_the_same_have_one_key() -> None:
    assert parse("tsne", {}).key() == parse("tsne", {"perplexity": "30", "field": "label"}).key()
    assert parse("tsne", {"seed": "1"}).key() != parse("tsne", {}).key()


def test_estimates_grow_with_the_work() -> None:
    small, large = (estimate(parse("tsne", {}), (count, 64)) for count in (1000, 100_000))
    assert small.duration_s < large.duration_s
    assert small.memory_bytes < large.memory_bytes
    assert estimate(parse("tsne", {}), (10_000_000, 64)).memory_bytes < 100e9  # a million are fitted


def test_points_of_a_large_layout_move_before_all_neighbours_are_known() -> None:
    matrix, codes = clusters(9000, 12, 6)
    said: list[str] = []
    parameters = parse("tsne", {"iterations": "40", "perplexity": "10"})

    def frames() -> list[Any]:
        fit = Fit(matrix, parameters, None, lambda stage, share: said.append(stage))
        return list(fit.frames())

    first, again = frames(), frames()
    assert "neighbours" not in said, "nobody waits for them"
    early = [frame for frame in first if 0 < frame.iteration <= 10]
    assert early and np.abs(early[-1].y).max() > np.abs(early[0].y).max() * 0.5
    assert {frame.of for frame in first[1:]} == {40}
    np.testing.assert_array_equal(first[-1].y, again[-1].y, "a seed gives one layout")
    centres = np.array([first[-1].y[codes == code].mean(axis=0) for code in range(6)])
    own = np.linalg.norm(first[-1].y - centres[codes], axis=1).mean()
    assert np.linalg.norm(centres[:, None] - centres[None], axis=2).mean() > own
