"""Custom axes, quality and alignment of layouts against NumPy, SciPy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from cupola.plugins.projector.layouts.align import procrustes
from cupola.plugins.projector.layouts.axes import Term, project
from cupola.plugins.projector.layouts.quality import measure

RANDOM = np.random.default_rng(0)
MATRIX = RANDOM.normal(size=(200, 12)).astype(np.float32)


def term(sign, *points):
    return Term(sign, np.array(points, np.int64), "some points")


def test_an_axis_leads_from_one_centroid_to_another():
    axis = project(MATRIX, [[term(-1, 0, 1, 2), term(1, 7, 8)]], False)[0]
    direction = (MATRIX[[7, 8]].mean(axis=0) - MATRIX[:3].mean(axis=0)).astype(float)
    wanted = (MATRIX - MATRIX.mean(axis=0)) @ direction / np.linalg.norm(direction)
    np.testing.assert_allclose(axis.coordinates, wanted, atol=1e-5)
    share = np.square(wanted).sum() / np.square(MATRIX - MATRIX.mean(axis=0)).sum()
    assert axis.variance == pytest.approx(share, rel=1e-5)
    assert len(axis.nearest) == 0


def test_an_analogy_leads_to_the_point_that_completes_it():
    matrix = MATRIX.copy()
    matrix[50] = matrix[1] - matrix[0] + matrix[2] + 0.01
    axis = project(matrix, [[term(-1, 0), term(1, 1), term(1, 2)]], False)[0]
    assert axis.nearest[0] == 50
    assert not {0, 1, 2} & set(axis.nearest)
    centred = (matrix - matrix.mean(axis=0)).astype(float)
    direction = centred[1] - centred[0] + centred[2]
    cosine = centred @ direction / np.linalg.norm(centred, axis=1) / np.linalg.norm(direction)
    cosine[:3] = -np.inf
    np.testing.assert_array_equal(axis.nearest, np.argsort(-cosine)[:10])


def test_spherical_points_are_scaled_before():
    axis = project(MATRIX, [[term(-1, 0), term(1, 1)]], True)[0]
    rows = (MATRIX - MATRIX.mean(axis=0)).astype(float)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    direction = rows[1] - rows[0]
    wanted = (rows - rows.mean(axis=0)) @ direction / np.linalg.norm(direction)
    np.testing.assert_allclose(axis.coordinates, wanted, atol=1e-5)


def test_rows_that_are_not_finite_have_no_place_and_no_say():
    matrix = np.vstack([MATRIX, np.full((1, 12), np.nan, np.float32)])
    axis = project(matrix, [[term(-1, 0), term(1, 1, 200)]], False)[0]
    plain = project(MATRIX, [[term(-1, 0), term(1, 1)]], False)[0]
    np.testing.assert_allclose(axis.coordinates[:200], plain.coordinates, atol=1e-5)
    assert np.isnan(axis.coordinates[200])


@pytest.mark.parametrize(
    ("matrix", "terms", "said"),
    [
        (MATRIX, [term(1)], "no points with finite numbers"),
        (MATRIX, [term(-1, 3), term(1, 3)], "leave no direction"),
        (np.ones((5, 3), np.float32), [term(-1, 0), term(1, 1)], "leave no direction"),
        (np.full((5, 3), np.nan, np.float32), [term(-1, 0), term(1, 1)], "finite"),
        (np.zeros((5, 0), np.float32), [term(-1, 0), term(1, 1)], "finite"),
    ],
)
def test_axes_that_lead_nowhere_say_so(matrix, terms, said):
    with pytest.raises(ValueError, match=said):
        project(matrix, [terms], False)


@pytest.mark.parametrize("width", [1, 2, 12])
def test_trustworthiness_is_scikit_learns(width):
    manifold = pytest.importorskip("sklearn.manifold")
    matrix = RANDOM.normal(size=(300, width)).astype(np.float32)
    layout = matrix[:, :1] @ RANDOM.normal(size=(1, 2)) + RANDOM.normal(size=(300, 2)) * 0.2
    found = measure(matrix, layout.astype(np.float32))
    assert found is not None
    assert found.trustworthiness == pytest.approx(
        manifold.trustworthiness(matrix, layout.astype(np.float32), n_neighbors=15), abs=1e-9
    )


def test_neighbours_are_scikit_learns_far_from_the_origin_and_at_any_scale():
    neighbors = pytest.importorskip("sklearn.neighbors")
    for matrix in (MATRIX, MATRIX + np.float32(1e3), MATRIX * np.float32(1e30), MATRIX * np.float32(1e-30)):
        found = measure(matrix, MATRIX[:, :2])
        assert found is not None
        exact = neighbors.NearestNeighbors(n_neighbors=15).fit(matrix.astype(float))
        np.testing.assert_array_equal(found.in_data.reshape(-1, 15), exact.kneighbors(return_distance=False))


def test_many_points_are_sampled(monkeypatch):
    monkeypatch.setattr("cupola.plugins.projector.layouts.quality._BUDGET", 1e6)
    found = measure(MATRIX, MATRIX[:, :2])
    assert found is not None
    assert len(found.sample) == 69
    monkeypatch.undo()
    whole = measure(MATRIX, MATRIX[:, :2])
    assert whole is not None
    assert found.trustworthiness == pytest.approx(whole.trustworthiness, abs=0.05)


def test_too_few_points_have_no_quality():
    assert measure(MATRIX[:3], MATRIX[:3, :2]) is None
    found = measure(MATRIX[:4], MATRIX[:4, :2])
    assert found is not None
    assert found.k == 1


@pytest.mark.parametrize("dimensions", [2, 3])
def test_procrustes_undoes_turns_mirrors_moves_and_scales(dimensions):
    target = MATRIX[:, :dimensions]
    turn = np.linalg.qr(RANDOM.normal(size=(dimensions, dimensions)))[0]
    moved = (target @ turn * 3 + 5).astype(np.float32)
    np.testing.assert_allclose(procrustes(moved, target), target, atol=1e-4)


def test_procrustes_is_scipys():
    spatial = pytest.importorskip("scipy.spatial")
    target, moving = MATRIX[:, :2], MATRIX[:, 2:4] + 0.5 * MATRIX[:, :2]
    _, _, disparity = spatial.procrustes(target, moving)
    left = np.square(procrustes(moving, target) - target).sum()
    assert left / np.square(target - target.mean(axis=0)).sum() == pytest.approx(disparity, rel=1e-4)


def test_procrustes_leaves_out_what_is_not_finite():
    target = MATRIX[:, :2].copy()
    moving = target[:, ::-1].copy()
    moving[3], target[5] = np.nan, np.nan
    aligned = procrustes(moving, target)
    assert np.isnan(aligned[3]).all()
    ok = np.isfinite(aligned).all(axis=1) & np.isfinite(target).all(axis=1)
    np.testing.assert_allclose(aligned[ok], target[ok], atol=1e-4)
