"""What torch's and tensorboardX's writers write, cupola's index and TensorBoard's EventAccumulator read
alike.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tests.support.log import read, steps

from cupola.events.event import decode_value
from cupola.types import DataClass, SeriesKey

KEEP_ALL = {"scalars": 0, "tensors": 0, "histograms": 0, "images": 0, "audio": 0, "graph": 1, "meta_graph": 0}


def torch_writer(folder: Path, **options: Any) -> Any:
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(folder), **options)


def tensorboardx_writer(folder: Path, **options: Any) -> Any:
    from tensorboardX import SummaryWriter

    time.sleep(1.1)  # its files are named by the second, and a second one would replace the first
    return SummaryWriter(str(folder), **options)


def cupola_writer(folder: Path, **options: Any) -> Any:
    from cupola import SummaryWriter

    return SummaryWriter(str(folder), **options)


WRITERS = [torch_writer, tensorboardx_writer, cupola_writer]


@pytest.fixture(scope="module", params=WRITERS, ids=lambda writer: writer.__name__)
def logdir(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp(request.param.__name__)
    generator = np.random.default_rng(5)
    with request.param(folder) as writer:
        for step in range(40):
            writer.add_scalar("loss", 1 / (step + 1), step)
            writer.add_scalars("group", {"a": step, "b": step / 3}, step)
            if step % 10 == 0:
                writer.add_histogram("weights", generator.normal(size=200), step)
                writer.add_image("noise", generator.random((3, 8, 8)), step)
                writer.add_text("note", f"step **{step}**", step)
                writer.add_pr_curve("pr", generator.integers(0, 2, 50), generator.random(50), step)
        writer.add_scalar("loss", float("nan"), 40)
        writer.add_scalar("x", 1.0, 0)
        writer.add_histogram("x", generator.normal(size=20), 0)
    yield folder


def test_runs_tags_and_points(logdir: Path):
    provider = read(logdir)
    runs = [run.name for run in provider.runs()]
    assert runs == sorted({str(path.parent.relative_to(logdir)) for path in logdir.rglob("*tfevents*")})
    assert len(runs) == 3
    for run in runs:
        wanted = EventAccumulator(str(logdir / run), KEEP_ALL)
        wanted.Reload()
        tags = wanted.Tags()
        found = {info.key.tag: info for info in provider.series("scalars") if info.key.run == run}
        ours = {tag: info for tag, info in found.items() if info.data_class is DataClass.SCALAR}
        assert sorted(ours) == sorted(
            [
                *tags["scalars"],
                *(
                    t
                    for t in tags["tensors"]
                    if wanted.SummaryMetadata(t).plugin_data.plugin_name == "scalars"
                ),
            ]
        )
        for tag in tags["scalars"]:
            columns = provider.scalars(SeriesKey(run, "scalars", tag))
            events = wanted.Scalars(tag)
            assert columns.step.tolist() == [event.step for event in events]
            assert columns.wall_time.tolist() == [event.wall_time for event in events]
            np.testing.assert_array_equal(
                columns.value, np.array([event.value for event in events], np.float32)
            )
        assert provider.runs()[runs.index(run)].start_wall_time == wanted.FirstEventTimestamp()
    assert all(run.damage == () for run in provider.runs())


@pytest.mark.parametrize(
    ("plugin", "tag", "count"),
    [
        ("histograms", "weights", 4),
        ("images", "noise", 4),
        ("text", "note/text_summary", 4),
        ("pr_curves", "pr", 4),
        ("histograms", "x", 1),
    ],
)
def test_blobs_are_found_and_read(logdir: Path, plugin: str, tag: str, count: int):
    provider = read(logdir)
    columns = provider.blobs(SeriesKey(".", plugin, tag))
    assert columns.step.tolist() == [10 * index for index in range(count)]
    for key in columns.key:
        assert decode_value(provider.read(key)).tag == tag


@pytest.mark.parametrize("make", WRITERS)
def test_purge_step_hides_the_old_life_of_every_tag(tmp_path: Path, make: Any):
    with make(tmp_path) as writer:
        for step in range(20):
            writer.add_scalar("x", step, step)
            writer.add_scalar("y", step, step)
    with make(tmp_path, purge_step=12) as writer:
        writer.add_scalar("x", 100, 12)
    provider = read(tmp_path)
    assert steps(provider, ".", "x") == list(range(13)) and steps(provider, ".", "y") == list(range(12))
    assert provider.scalars(SeriesKey(".", "scalars", "x")).value[-1] == 100
