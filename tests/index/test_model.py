"""Any order of appending, tearing, cutting, replacing, deleting and restarting: the index shows what a plain
model says.

The model reads nothing: it knows which records each file holds whole. A file that is written over in place is
the hardest case, so every kind of change may also come twice between two polls.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.support.log import read
from tests.support.log_file import scalar, start, version

from cupola.index import series

RUNS = st.sampled_from([".", "a", "a/b", "c"])
NAMES = st.sampled_from(["1", "2", "3"])
TAGS = st.sampled_from(["x", "y"])
STEPS = st.lists(st.integers(0, 12), min_size=1, max_size=6)

Point = tuple[str, int]


class Model:
    """What a file holds: whole records, each a point (tag, step) or a restart step; and the bytes behind
    them.
    """

    def __init__(self) -> None:
        self.records: list[Point | int] = []
        self.torn = b""

    def content(self) -> bytes:
        return version() + b"".join(map(encode, self.records)) + self.torn


def encode(record: Point | int) -> bytes:
    return start(record) if isinstance(record, int) else scalar(record[0], record[1], float(record[1]))


def visible(files: dict[str, Model]) -> dict[str, list[int]]:
    """Steps by tag, walking backwards: a restart hides what stands before it from its step on."""
    shown: dict[str, list[int]] = {}
    limit = 1 << 62
    for name in sorted(files, reverse=True):
        for record in reversed(files[name].records):
            if isinstance(record, int):
                limit = min(limit, record)
            elif record[1] < limit:
                shown.setdefault(record[0], []).insert(0, record[1])
    return shown


class LogMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="cupola-model-"))
        self.files: dict[str, dict[str, Model]] = {}
        self.provider = read(self.root)

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def path(self, run: str, name: str) -> Path:
        return self.root / run / f"events.out.tfevents.{name}"

    def some(self, data: st.DataObject) -> tuple[Model, Path]:
        places = sorted((run, name) for run, files in self.files.items() for name in files)
        run, name = data.draw(st.sampled_from(places))
        return self.files[run][name], self.path(run, name)

    def grow(self, model: Model, path: Path, records: list[Point | int]) -> None:
        model.records += records
        data = b"".join(map(encode, records))
        if model.torn:  # the record that was begun is finished first
            data = encode(self.begun[path])[len(model.torn) :] + data
            model.records.insert(len(model.records) - len(records), self.begun[path])
            model.torn = b""
        with path.open("ab") as file:
            file.write(data)

    begun: dict[Path, Point] = {}  # noqa: RUF012 - set anew with every torn record

    @rule(run=RUNS, name=NAMES, tag=TAGS, steps=STEPS)
    def create_or_append(self, run: str, name: str, tag: str, steps: list[int]) -> None:
        path = self.path(run, name)
        if name not in self.files.get(run, {}):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(version())
            self.files.setdefault(run, {})[name] = Model()
        self.grow(self.files[run][name], path, [(tag, step) for step in steps])

    @precondition(lambda self: self.files)
    @rule(data=st.data(), step=st.integers(0, 12))
    def restart(self, data: st.DataObject, step: int) -> None:
        model, path = self.some(data)
        self.grow(model, path, [step])

    @precondition(lambda self: self.files)
    @rule(data=st.data(), tag=TAGS, step=st.integers(0, 12), part=st.floats(0.01, 0.99))
    def begin_a_record(self, data: st.DataObject, tag: str, step: int, part: float) -> None:
        model, path = self.some(data)
        if not model.torn:
            whole = encode((tag, step))
            model.torn = whole[: max(1, int(len(whole) * part))]
            self.begun[path] = (tag, step)
            with path.open("ab") as file:
                file.write(model.torn)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), keep=st.integers(0, 5))
    def cut(self, data: st.DataObject, keep: int) -> None:
        model, path = self.some(data)
        model.records, model.torn = model.records[:keep], b""
        with path.open("r+b") as file:
            file.truncate(len(model.content()))

    @precondition(lambda self: self.files)
    @rule(data=st.data(), tag=TAGS, steps=STEPS, rename=st.booleans())
    def replace(self, data: st.DataObject, tag: str, steps: list[int], rename: bool) -> None:
        model, path = self.some(data)
        model.records, model.torn = [(tag, step) for step in steps], b""
        target = path.with_name("aside") if rename else path
        target.write_bytes(model.content())
        if rename:
            target.replace(path)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        places = sorted((run, name) for run, files in self.files.items() for name in files)
        run, name = data.draw(st.sampled_from(places))
        self.path(run, name).unlink()
        del self.files[run][name]
        if not self.files[run]:
            del self.files[run]

    @rule(run=RUNS.filter(lambda run: run != "."))
    def delete_run(self, run: str) -> None:
        shutil.rmtree(self.root / run, ignore_errors=True)
        for name in [name for name in self.files if name == run or name.startswith(f"{run}/")]:
            del self.files[name]

    @rule()
    def poll(self) -> None:
        self.provider.poll()
        self.check()

    @invariant()
    def everything_shown_is_readable(self) -> None:
        for info in self.provider.series():
            assert len(self.provider.scalars(info.key).step) == info.count > 0

    def check(self) -> None:
        shown: dict[str, dict[str, list[int]]] = {}
        for info in self.provider.series("scalars"):
            columns = self.provider.scalars(info.key)
            assert (columns.value == columns.step).all()
            assert (info.first_step, info.last_step) == (columns.step[0], columns.step[-1])
            shown.setdefault(info.key.run, {})[info.key.tag] = columns.step.tolist()
        wanted = {run: visible(files) for run, files in self.files.items()}
        assert shown == {run: tags for run, tags in wanted.items() if tags}
        assert [run.name for run in self.provider.runs()] == sorted(self.files)
        assert [run.damage for run in self.provider.runs()] == [()] * len(self.files)


class SeldomReadMachine(LogMachine):
    """The same log while hardly anybody looks: points stay in the chunks that scans left them in."""

    def __init__(self) -> None:
        super().__init__()
        self.adopted = series.ADOPTED
        series.ADOPTED = 1  # type: ignore[misc]

    def teardown(self) -> None:
        series.ADOPTED = self.adopted  # type: ignore[misc]
        super().teardown()

    @rule()
    def look(self) -> None:
        self.provider.poll()
        super().check()

    @invariant()
    def everything_shown_is_readable(self) -> None:
        """That would be a look."""

    def check(self) -> None:
        ends: dict[str, dict[str, tuple[int, int, int]]] = {}
        for info in self.provider.series("scalars"):
            ends.setdefault(info.key.run, {})[info.key.tag] = (info.first_step, info.last_step, info.count)
        wanted = {run: visible(files) for run, files in self.files.items()}
        assert ends == {
            run: {tag: (steps[0], steps[-1], len(steps)) for tag, steps in tags.items()}
            for run, tags in wanted.items()
            if tags
        }


health = [HealthCheck.too_slow, HealthCheck.filter_too_much]
TestModel = LogMachine.TestCase
TestModel.settings = settings(
    max_examples=200, stateful_step_count=30, deadline=None, suppress_health_check=health
)
TestModelSeldomRead = SeldomReadMachine.TestCase
TestModelSeldomRead.settings = settings(TestModel.settings, max_examples=100)
TestModelAtLength: Any = pytest.mark.slow(type("TestModelAtLength", (LogMachine.TestCase,), {}))
TestModelAtLength.settings = settings(
    max_examples=10_000, stateful_step_count=50, deadline=None, suppress_health_check=health
)
