"""Every file in examples/ runs, and TensorBoard reads what it wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tests.support.examples import EXAMPLES, logged_by, run

import cupola
from cupola.plugins import plugins

pytestmark = pytest.mark.timeout(600)  # most are trainings


def scalars(folder: Path, tag: str) -> list[tuple[int, float]]:
    accumulator = EventAccumulator(str(folder), {"scalars": 0})
    accumulator.Reload()
    return [(event.step, event.value) for event in accumulator.Scalars(tag)]


def test_quickstart(tmp_path: Path) -> None:
    run("quickstart.py", tmp_path)
    points = scalars(tmp_path / "logs/quickstart", "train/loss")
    assert [step for step, _ in points] == list(range(1000))
    assert points[0][1] == 1.0


def test_resume_then_read(tmp_path: Path) -> None:
    run("resume.py", tmp_path)
    out = run("read.py", tmp_path)
    assert "train/loss  200 points" in out
    assert out.rstrip().endswith("at step 199")


@pytest.fixture(scope="module")
def tutorial() -> Path:
    import skimage  # noqa: F401 - the tutorial imports it
    import torch  # noqa: F401 - and it

    return logged_by("tutorial.py", "--batches", "61")


def test_tutorial_writes_over_100_distinct_files(tutorial: Path) -> None:
    assert len(list(tutorial.glob("events.out.tfevents.*"))) >= 102


def test_tutorial_loses_no_point_and_keeps_the_order(tutorial: Path) -> None:
    points = scalars(tutorial, "data/x")
    assert [step for step, _ in points] == list(range(100))
    assert points[-1][1] == pytest.approx(100 / 1.1**100, rel=1e-4)
    for key in ("x", "y", "loss"):
        assert len(scalars(tutorial / f"data_data_group_{key}", "data/data_group")) == 100


def test_tutorial_keeps_earlier_embeddings(tutorial: Path) -> None:
    config = (tutorial / "projector_config.pbtxt").read_text()
    assert [f"default:{step:05}" in config for step in (0, 30, 60)] == [True] * 3


STYLES = {
    "regression": {"scalars", "custom_scalars"},
    "classifier": {"scalars", "images", "graphs", "projector", "pr_curves"},
    "gan": {"scalars", "images", "histograms", "graphs"},
    "transformer": {"scalars", "text", "histograms", "graphs", "projector"},
    "reinforce": {"scalars", "images", "histograms", "hparams"},
    "segmentation": {"scalars", "images", "pr_curves", "mesh", "audio"},
}
"""Scripts in the style of popular tutorials, and the kinds that each logs."""

IMPORT = "from cupola import SummaryWriter  # was: from torch.utils.tensorboard import SummaryWriter\n"


def kinds(logdir: Path) -> dict[str, set[str]]:
    """The tags of each kind in a log."""
    log = cupola.open(logdir)
    return {kind: set(found) for kind in plugins() if (found := log.tags(kind))}


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    import matplotlib.pyplot  # noqa: F401 - one or another script imports these
    import skimage  # noqa: F401
    import sklearn  # noqa: F401
    import torch  # noqa: F401

    return str(request.param)


@pytest.fixture
def ours(style: str) -> dict[str, set[str]]:
    return kinds(logged_by(f"{style}.py"))


def test_a_script_in_a_tutorials_style_logs_its_kinds(style: str, ours: dict[str, set[str]]) -> None:
    assert set(ours) == STYLES[style]


QUICK = {"regression", "reinforce"}


@pytest.mark.parametrize(
    "style",
    [pytest.param(style, marks=() if style in QUICK else pytest.mark.slow) for style in STYLES],
    indirect=True,
)
def test_one_line_makes_it_the_peers_which_logs_the_same_tags(
    style: str, ours: dict[str, set[str]], tmp_path: Path
) -> None:
    source = (EXAMPLES / f"{style}.py").read_text("utf-8")
    assert source.count(IMPORT) == 1
    script = source.replace(IMPORT, IMPORT.partition("# was: ")[2])
    assert "import cupola" not in script and "from cupola" not in script
    (tmp_path / "peers.py").write_text(script, "utf-8")
    run(tmp_path / "peers.py", tmp_path)
    peers = kinds(tmp_path / "logs")
    # Without moviepy the peer leaves videos out, with a line on standard output.
    assert set(ours) - set(peers) <= ({"images"} if style == "reinforce" else set())
    # Graphs and embeddings are kept under names of each writer's own.
    for kind in set(peers) - {"graphs", "projector"}:
        assert ours[kind] >= peers[kind], kind
