"""Films: the steps of a tag matched, brought over one another, laid out jointly, kept and grown."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import linalg, spatial
from tests.support.examples import logged_by
from tests.support.films import COUNT, PCA2, FilmRoom, moves, names, training, until

from cupola.columns import decode_columns
from cupola.plugins.projector.layouts.align import similarity
from cupola.plugins.projector.layouts.joint import JointPca


@pytest.fixture
def room(tmp_path: Path) -> FilmRoom:
    return FilmRoom(tmp_path)


# -- alignment ---------------------------------------------------------------------------------------------


def test_frames_are_those_of_scipys_orthogonal_procrustes(room: FilmRoom) -> None:
    for step, matrix in enumerate(training(5)):
        room.log(step, matrix, names(COUNT))
    film = room.film()
    raw, aligned = room.frames(film, "none"), room.frames(film, "rigid")
    np.testing.assert_array_equal(raw[0], aligned[0])
    for at in range(1, 5):
        own, other = raw[at] - raw[at].mean(axis=0), aligned[at - 1] - aligned[at - 1].mean(axis=0)
        turn, _ = linalg.orthogonal_procrustes(own, other)
        np.testing.assert_allclose(aligned[at], own @ turn + aligned[at - 1].mean(axis=0), atol=1e-4)
        assert film["steps"][at]["matched"] == "row"
    largest = [max(map(np.max, moves(frames))) for frames in (raw, aligned)]
    assert largest[1] < 0.6 * largest[0], largest


def test_scaled_frames_keep_the_size_of_the_first(room: FilmRoom) -> None:
    for step, matrix in enumerate(training(4)):
        room.log(step, 2.0**step * matrix, names(COUNT))
    film = room.film()
    sizes = [np.linalg.norm(frame - frame.mean(axis=0)) for frame in room.frames(film, "similarity")]
    np.testing.assert_allclose(sizes, sizes[0], rtol=1e-4)
    turned = room.frames(film, "rigid")
    scaled = room.frames(film, "similarity")
    for at in range(1, 4):  # the same turn: SciPy scales both to one before it turns
        assert spatial.procrustes(turned[at], scaled[at])[2] < 1e-6


@pytest.mark.parametrize("size", ["keep", "fit", "match"])
def test_a_similarity_undoes_turns_and_leaves_out_what_is_not_finite(size: Any) -> None:
    random = np.random.default_rng(0)
    target = random.normal(size=(30, 3))
    turn = np.linalg.qr(random.normal(size=(3, 3)))[0]
    moving = target @ turn.T * (1 if size == "keep" else 5) + [3, 2, 1]
    moving[4], target[7] = np.nan, np.inf
    found = similarity(moving, target, size=size)(moving)
    rest = np.isfinite(moving).all(axis=1) & np.isfinite(target).all(axis=1)
    np.testing.assert_allclose(found[rest], target[rest], atol=1e-5)
    assert np.isnan(found[4]).all()


@pytest.mark.parametrize("count", [0, 1])
def test_without_points_to_go_by_nothing_moves(count: int) -> None:
    points = np.ones((count, 2))
    np.testing.assert_array_equal(similarity(points, points)(points), points)


# -- which points are the same -----------------------------------------------------------------------------


def test_rows_that_are_appended_are_new(room: FilmRoom) -> None:
    one, two = training(2)
    room.log(0, one[:60], names(60))
    room.log(1, two, names(COUNT))
    film = room.film()
    assert film["steps"][1]["matched"] == "row"
    ids = room.frame(film, 1)["ids"]
    np.testing.assert_array_equal(ids, np.arange(COUNT))


def test_names_are_followed_where_rows_change(room: FilmRoom) -> None:
    one, two, three = training(3)
    order = np.random.default_rng(1).permutation(COUNT)
    room.log(0, one, names(COUNT))
    room.log(1, two[order], [f"point {at}" for at in order])
    room.log(2, three[5:], names(COUNT)[5:])
    film = room.film()
    assert [step["matched"] for step in film["steps"]] == [None, "label", "label"]
    np.testing.assert_array_equal(room.frame(film, 1)["ids"], order)
    np.testing.assert_array_equal(room.frame(film, 2)["ids"], np.arange(5, COUNT))
    body = {"id": film["id"], "ids": [0, 50], "align": "none"}
    trails = decode_columns(room.client.post("/films/trails", body).content)["steps"]
    raw = room.frames(film, "none")
    np.testing.assert_allclose(np.stack(trails[0], axis=1), raw[0][[0, 50]])
    np.testing.assert_allclose(np.stack(trails[1], axis=1)[1], raw[1][list(order).index(50)])
    assert np.isnan(trails[2][0][0])  # it is gone
    np.testing.assert_allclose(np.stack(trails[2], axis=1)[1], raw[2][45])


def test_batches_of_other_points_are_aligned_by_their_classes(room: FilmRoom) -> None:
    """As in the tutorial: each step has other pictures of the same digits."""
    random = np.random.default_rng(0)
    for step, matrix in enumerate(training(5, count=240)):
        picked = random.permutation(240)[:120]
        room.log(step, matrix[picked], [f"class {at % 3}" for at in picked])
    film = room.film()
    assert [step["matched"] for step in film["steps"]] == [None, *["class"] * 4]
    ids = [room.frame(film, at)["ids"] for at in range(1, 5)]
    assert all(np.intersect1d(a, b).size == 0 for a, b in itertools.pairwise(ids))

    def middles(align: str) -> list[Any]:
        found = []
        for at, frame in enumerate(room.frames(film, align)):
            answer = room.client.get("/metadata", {"run": "run", "name": f"e:{at:05d}"})
            codes = decode_columns(answer.content)["columns"][0]["codes"]
            found.append(np.stack([frame[codes == code].mean(axis=0) for code in range(3)]))
        return found

    raw, aligned = middles("none"), middles("rigid")
    assert max(map(np.max, moves(aligned))) < 0.5 * max(map(np.max, moves(raw)))


def test_what_has_nothing_in_common_is_said_to(room: FilmRoom) -> None:
    room.log(0, training(1)[0], None)
    room.log(1, training(1)[0][:40], None)
    film = room.film()
    assert film["steps"][1]["matched"] == "none"
    np.testing.assert_array_equal(room.frame(film, 1)["ids"], np.arange(COUNT, COUNT + 40))


# -- joint fits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sphereize", [0, 1])
def test_joint_components_are_those_of_the_stacked_rows(room: FilmRoom, sphereize: int) -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    steps = [(matrix + 100).astype(np.float32) for matrix in training(4)]
    steps[1][3] = np.nan
    for step, matrix in enumerate(steps):
        room.log(step, matrix, names(COUNT))
    film = room.film(fit="joint", parameters={"sphereize": sphereize})
    stacked = np.concatenate(steps).astype(float)
    finite = np.isfinite(stacked).all(axis=1)
    rows = stacked[finite] - stacked[finite].mean(axis=0)
    if sphereize:
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    oracle = decomposition.PCA(2).fit(rows)
    found = np.concatenate(room.frames(film, "none"))
    assert np.isnan(found[COUNT + 3]).all()
    wanted = oracle.transform(rows)
    signs = np.sign((wanted * found[finite]).sum(axis=0))
    np.testing.assert_allclose(found[finite], wanted * signs, atol=2e-3 if not sphereize else 1e-4)
    np.testing.assert_allclose(film["variance"], oracle.explained_variance_ratio_, rtol=1e-3)


@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_going_on_from_the_step_before_moves_points_less(room: FilmRoom, method: str) -> None:
    manifold = pytest.importorskip("sklearn.manifold")
    steps = training(3, count=200)
    for step, matrix in enumerate(steps):
        room.log(step, matrix, names(200))
    found = {}
    for fit in ("each", "joint"):
        film = room.film(method=method, fit=fit, parameters={"iterations": 300})
        frames = room.frames(film, "rigid")
        size = np.mean([np.linalg.norm(frame - frame.mean(axis=0), axis=1).mean() for frame in frames])
        trust = [manifold.trustworthiness(s, f, n_neighbors=15) for s, f in zip(steps, frames, strict=True)]
        found[fit] = (float(np.median(np.concatenate(moves(frames)))) / size, min(trust))
    assert found["joint"][0] < found["each"][0]
    assert found["joint"][1] > found["each"][1] - 0.02


def test_a_fit_that_goes_on_starts_new_points_beside_the_others(room: FilmRoom) -> None:
    one, two = training(2)
    room.log(0, one[:60], names(60))
    room.log(1, two, names(COUNT))
    film = room.film(method="tsne", fit="joint", parameters={"iterations": 60})
    last = room.frames(film, "none")[1]
    assert np.isfinite(last).all()


# -- steps that cannot be shown ----------------------------------------------------------------------------


def test_a_broken_step_is_said_and_the_rest_plays(room: FilmRoom) -> None:
    for step, matrix in enumerate(training(5)):
        matrix[step] = np.nan
        room.log(step, matrix, names(COUNT))
    (room.logdir / "run/00001/e/tensors.bytes").unlink()
    cut = room.logdir / "run/00003/e/tensors.bytes"
    cut.write_bytes(cut.read_bytes()[:3])  # not one whole row
    film = room.film()
    assert [step["state"] for step in film["steps"]] == ["done", "problem", "done", "problem", "done"]
    assert "tensors.bytes" in film["steps"][1]["problem"]
    assert "3 bytes" in film["steps"][3]["problem"]
    assert film["steps"][2]["matched"] == "row", "with the last that could be read"
    frames = [np.stack(room.frame(film, at)["coordinates"], axis=1) for at in (0, 2, 4)]
    assert np.isnan(frames[1][2]).all()
    assert room.frame(film, 1)["coordinates"] == []


@pytest.mark.parametrize("fit", ["each", "joint"])
def test_other_widths(room: FilmRoom, fit: str) -> None:
    wide, narrow = training(2)[0], training(2, width=4)[1]
    for step, matrix in enumerate((wide, narrow, wide)):
        room.log(step, matrix, names(COUNT))
    film = room.film(fit=fit)
    states = [step["state"] for step in film["steps"]]
    assert states == ["done", "done" if fit == "each" else "problem", "done"]
    if fit == "joint":
        assert "4 dimensions and the first one 6" in film["steps"][1]["problem"]


def test_one_step_is_a_film_too(room: FilmRoom) -> None:
    room.log(7, training(1)[0], names(COUNT))
    film = room.film()
    assert [step["step"] for step in film["steps"]] == [7]
    assert film["reach"]["rigid"]["radius"] > 0


def test_custom_axes_mean_the_same_at_every_step(room: FilmRoom) -> None:
    steps = training(3)
    for step, matrix in enumerate(steps):
        room.log(step, matrix, [f"c{at % 3}" for at in range(COUNT)] if step != 1 else names(COUNT))
    axis = {
        "terms": [
            {"sign": -1, "field": "label", "values": ["c0"]},
            {"sign": 1, "field": "label", "values": ["c1"]},
        ]
    }
    film = room.film(axes=[axis, {"component": 0}])
    assert [step["state"] for step in film["steps"]] == ["done", "problem", "done"]
    assert "has no points" in film["steps"][1]["problem"]
    direction = steps[2][1::3].mean(axis=0) - steps[2][::3].mean(axis=0)
    wanted = (steps[2] - steps[2].mean(axis=0)) @ direction / np.linalg.norm(direction)
    np.testing.assert_allclose(room.frame(film, 2, "none")["coordinates"][0], wanted, atol=1e-4)
    refused = room.client.post(
        "/films", {"run": "run", "tag": "e", "method": "axes", "axes": [axis, axis], "fit": "joint"}
    )
    assert refused.status_code == 400
    assert "no joint fit" in refused.text


# -- kept and grown ----------------------------------------------------------------------------------------


def test_asking_starts_nothing_and_a_new_step_is_added(room: FilmRoom) -> None:
    steps = training(4)
    for step, matrix in enumerate(steps[:3]):
        room.log(step, matrix, names(COUNT))
    assert room.ask()["state"] == "absent"
    film = room.film(method="tsne", parameters={"iterations": 40})
    before = room.frames(film, "rigid")
    room.log(3, steps[3], names(COUNT))
    more = room.ask(method="tsne", parameters={"iterations": 40})
    assert [step["state"] for step in more["steps"]] == ["done", "done", "done", "absent"]
    assert more["estimate"]["duration_s"] < 2 * film["estimate"]["duration_s"] + 1
    grown = room.film(method="tsne", parameters={"iterations": 40})
    for old, new in zip(before, room.frames(grown, "rigid"), strict=False):
        np.testing.assert_array_equal(old, new)


def test_steps_of_unknown_size_do_not_count_as_quick(room: FilmRoom) -> None:
    for step, matrix in enumerate(training(2)):
        room.log(step, matrix, names(COUNT))
    quick = room.ask()["estimate"]["duration_s"]
    config = room.logdir / "run/projector_config.pbtxt"
    lines = config.read_text().splitlines(keepends=True)
    config.write_text("".join(line for line in lines if "tensor_shape" not in line))
    assert quick < 1 < room.ask()["estimate"]["duration_s"]


def test_it_can_be_cancelled_and_gone_on_with(room: FilmRoom) -> None:
    for step, matrix in enumerate(training(3)):
        room.log(step, matrix, names(COUNT))
    endless = {"method": "tsne", "parameters": {"iterations": 100_000}}
    asked = room.ask(start=True, **endless)

    def progress() -> Any:
        return room.client.get(f"/films/{asked['id']}/progress", {"after": -1}).json()

    until(lambda: progress()["iteration"])
    cancelled = room.client.post("/layouts/control", {"id": asked["job"], "action": "cancel"}).json()
    assert cancelled["state"] == "cancelled"
    assert until(lambda: progress()["state"] == "cancelled")


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"method": "isomap"}, 400, "tsne, umap"),
        ({"tag": "nothing"}, 404, "nothing"),
        ({"run": "nobody"}, 404, "nobody"),
        ({"axes": [{"component": 0}]}, 400, "two or three"),
        ({"fit": "both"}, 400, "each, joint"),
        ({"method": "tsne", "parameters": {"perplexity": 1000}}, 400, "from 2 to 100"),
    ],
)
def test_wrong_questions_say_what_was_wanted(
    room: FilmRoom, changes: dict[str, Any], status: int, said: str
) -> None:
    room.log(0, training(1)[0], names(COUNT))
    room.ask()
    answer = room.client.post("/films", {"run": "run", "tag": "e", **PCA2, **changes})
    assert answer.status_code == status
    assert said in answer.text


def test_frames_that_are_not_there_are_refused(room: FilmRoom) -> None:
    room.log(0, training(1)[0], names(COUNT))
    film = room.ask()
    assert room.client.get(f"/films/{film['id']}/frame", {"at": 0}).status_code == 404
    assert room.client.get(f"/films/{film['id']}/frame", {"at": 1}).status_code == 400
    assert room.client.get("/films/none/progress", {}).status_code == 404
    assert room.client.post("/films/trails", {"id": film["id"], "ids": [-1]}).status_code == 400


# -- a training ---------------------------------------------------------------------------------------------


def test_the_film_of_the_tutorials_digits_is_continuous() -> None:
    """Every step shows another batch of digits, so it is the middles of their classes that must not jump:
    each step is turned as SciPy turns it, and the largest displacement, over the picture's size, is far below
    that of the steps as they are.
    """
    pytest.importorskip("skimage")  # the tutorial imports it
    pytest.importorskip("torch")
    logs = logged_by("tutorial.py", "--batches", "61")
    room = FilmRoom(logs, run=".", tag="default")
    film = room.film(axes=[{"component": at} for at in range(3)])
    assert {step["matched"] for step in film["steps"][1:]} == {"class"}
    digits = [room.labels(film, at) for at in range(len(film["steps"]))]
    sizes = [np.bincount(digit, minlength=10) for digit in digits]
    middles: dict[str, list[Any]] = {}
    drawn: dict[str, list[Any]] = {}
    for align in ("none", "rigid", "similarity"):
        frames = room.frames(film, align)
        middles[align] = [
            np.stack([frame[digit == at].mean(axis=0) for at in range(10)])
            for frame, digit in zip(frames, digits, strict=True)
        ]
        drawn[align] = [
            (middle - frame.mean(axis=0)) / np.sqrt(frame.var(axis=0).sum())
            for frame, middle in zip(frames, middles[align], strict=True)
        ]
    for at in range(1, len(digits)):
        each = np.minimum(sizes[at - 1], sizes[at])
        own, before = middles["none"][at], middles["rigid"][at - 1]
        own_mean, before_mean = (np.average(part, axis=0, weights=each) for part in (own, before))
        root = np.sqrt(each)[:, None]
        turn, _ = linalg.orthogonal_procrustes((own - own_mean) * root, (before - before_mean) * root)
        np.testing.assert_allclose(middles["rigid"][at], (own - own_mean) @ turn + before_mean, atol=1e-3)
    largest = {align: max(map(np.max, moves(frames))) for align, frames in drawn.items()}
    assert largest["similarity"] < 0.75 * largest["none"], largest


@pytest.mark.parametrize(
    ("widths", "words"),
    [
        ([4097, 4097], "at most 4096 dimensions; these steps have 4097"),
        ([4, 5], "has 5 dimensions and the first one 4"),
    ],
)
def test_a_step_that_a_joint_fit_leaves_out_is_told_why(widths: list[int], words: str) -> None:
    joint = JointPca(False)
    while joint.wants_more:
        for width in widths:
            joint.take(np.ones((2, width), np.float32))
        joint.close()
    assert not joint.takes(widths[-1])
    assert words in joint.refusal(widths[-1])
