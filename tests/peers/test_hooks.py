"""What hooks into the peers' classes hears under `cupola.compat` what it hears of the peers.

Each program runs twice, with the peer and with cupola in its place, and leaves what it heard in `heard`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tensorboardX  # noqa: F401 - the programs below import it
import torch  # noqa: F401 - and it
from tests.support.event_files import files, scalars

PEERS = ("torch.utils.tensorboard", "tensorboardX")

START = """
import importlib, json, sys
logdir, peer = sys.argv[1:]
module = importlib.import_module(peer + ".writer")
import numpy as np
heard = []
def short(event, step):
    what = event.WhichOneof("what")
    tags = [value.tag for value in event.summary.value]
    return [what, tags, int(step or 0)]
def log(writer):
    writer.add_scalar("loss", 1.5, 3)
    writer.add_scalar("numpy", np.float32(2), 4)
    writer.add_scalars("group", {"a": 1.0, "b": 2.0}, 5)
    writer.add_histogram("histogram", np.arange(9.0), 6)
    writer.add_image("image", np.zeros((3, 4, 4)), 7)
    writer.add_text("text", "words", 8)
    writer.add_pr_curve("curve", np.array([0, 1]), np.array([0.1, 0.9]), 9)
    writer.add_hparams({"lr": 0.1}, {"metric": 1.0})
"""

RUN = """
import contextlib, json, os, sys
programs, logdir, peer = json.loads(sys.stdin.read()), *sys.argv[1:3]
if sys.argv[3] == "cupola":
    import cupola.compat
import torch.utils.tensorboard.writer, tensorboardX.writer
for name, program in programs.items():
    child = os.fork()  # torch takes long to import
    if child == 0:
        sys.argv[1:] = [os.path.join(logdir, name), peer]
        space = {}
        with open(os.path.join(logdir, name + ".json"), "w") as file, contextlib.redirect_stdout(sys.stderr):
            exec(program, space)
            json.dump(space["heard"], file)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, name
"""


def hear_all(programs: dict[str, str], peer: str, root: Path, whose: str) -> dict[str, Any]:
    """What each program hears, of the peer or of cupola; its log is below `root`."""
    root.mkdir(parents=True)
    programs = {name: START + program for name, program in programs.items()}
    done = subprocess.run(
        [sys.executable, "-c", RUN, root, peer, whose],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    return {name: json.loads((root / f"{name}.json").read_text()) for name in programs}


HOOKS = {
    "a replaced FileWriter.add_event": """
original = module.FileWriter.add_event
def add_event(self, event, step=None, walltime=None):
    heard.append(short(event, step))
    return original(self, event, step, walltime)
module.FileWriter.add_event = add_event
""",
    "a replaced FileWriter.add_summary": """
original = module.FileWriter.add_summary
def add_summary(self, summary, global_step=None, walltime=None):
    heard.append([value.tag for value in summary.value] + [int(global_step or 0)])
    return original(self, summary, global_step, walltime)
module.FileWriter.add_summary = add_summary
""",
    "a replaced EventFileWriter.add_event": """
original = module.EventFileWriter.add_event
def add_event(self, event):
    if event.WhichOneof("what") != "file_version":  # an event that was logged
        heard.append(short(event, event.step))
    return original(self, event)
module.EventFileWriter.add_event = add_event
""",
    "a subclass in the place of EventFileWriter": """
class Listening(module.EventFileWriter):
    def __init__(self, logdir, *args, **options):
        heard.append([str(logdir).removeprefix(root), [str(arg) for arg in args], options])
        super().__init__(logdir, *args, **options)
    def add_event(self, event):
        if event.WhichOneof("what") != "file_version":
            heard.append(short(event, event.step))
        super().add_event(event)
root = logdir
module.EventFileWriter = Listening
module.SummaryWriter.add_hparams = lambda *arguments: None  # its directory is the time
""",
    "a subclass in the place of FileWriter": """
class Listening(module.FileWriter):
    def __init__(self, *args, **options):
        heard.append([str(value).removeprefix(root) for value in [*args, *options.values()]])
        super().__init__(*args, **options)
    def add_summary(self, summary, *args):
        heard.append([value.tag for value in summary.value])
        super().add_summary(summary, *args)
root = logdir
module.FileWriter = Listening
module.SummaryWriter.add_hparams = lambda *arguments: None
""",
    "replaced methods of SummaryWriter": """
for name in ("add_scalar", "add_scalars", "add_image", "add_text"):
    def replaced(self, *arguments, name=name, original=getattr(module.SummaryWriter, name)):
        if name != "add_scalar" or arguments[0] != "metric":  # torch's add_hparams logs metrics by it
            heard.append([name, arguments[0]])
        return original(self, *arguments)
    setattr(module.SummaryWriter, name, replaced)
""",
}


OVERRIDES = {
    "_get_file_writer that asks its base": """
class Own(module.SummaryWriter):
    def _get_file_writer(self):
        heard.append("asked")
        return super()._get_file_writer()
""",
    "_get_file_writer as the peers write it": """
class OwnFileWriter(module.FileWriter):
    def add_event(self, event, step=None, walltime=None):
        heard.append(short(event, step))
        super().add_event(event, step, walltime)
class Own(module.SummaryWriter):
    def _get_file_writer(self):
        if self.all_writers is None or self.file_writer is None:
            arguments = (self.max_queue, 120, "") if hasattr(self, "max_queue") else (10, 120, "")
            self.file_writer = OwnFileWriter(logdir, *arguments)
            self.all_writers = {self.file_writer.get_logdir(): self.file_writer}
        return self.file_writer
""",
    "add_scalars as the peers write it": """
class Own(module.SummaryWriter):
    def add_scalars(self, main_tag, values, step):
        for key, value in values.items():
            directory = self._get_file_writer().get_logdir() + "/" + key
            if directory in self.all_writers:
                writer = self.all_writers[directory]
            else:
                heard.append(key)
                writer = module.FileWriter(directory, 10, 120, "")
                self.all_writers[directory] = writer
            writer.add_summary(module.scalar(main_tag, value), step)
""",
}


OBJECTS = """
writer = module.SummaryWriter(logdir)
original = writer.file_writer.add_summary
def add_summary(summary, *arguments):
    heard.append(summary.value[0].tag)
    original(summary, *arguments)
writer.file_writer.add_summary = add_summary
writer.add_scalar("loss", 1.0, 1)
class Foreign:
    def add_summary(self, summary, global_step=None, walltime=None):
        heard.append(["foreign", summary.value[0].tag, global_step])
    def flush(self): heard.append("flush")
    def close(self): heard.append("close")
writer.file_writer = foreign = Foreign()
writer.all_writers = {"x": foreign}
writer.add_scalar("loss", 1.0, 2)
writer.flush()
writer.close()
writer.close()
"""

BOTH_PEERS = """
for name in ("torch.utils.tensorboard", "tensorboardX"):
    each = importlib.import_module(name + ".writer")
    def add_event(self, event, step=None, walltime=None, original=each.FileWriter.add_event, name=name):
        if event.WhichOneof("what") == "summary":
            heard.append(name)
        return original(self, event, step, walltime)
    each.FileWriter.add_event = add_event
    def add_scalar(self, *arguments, original=each.SummaryWriter.add_scalar, name=name):
        heard.append("scalar " + name)
        return original(self, *arguments)
    each.SummaryWriter.add_scalar = add_scalar
with module.SummaryWriter(logdir) as writer:
    writer.add_scalar("loss", 1.0, 2)
"""


def _late(hook: str) -> str:
    return (
        "writer = module.SummaryWriter(logdir)\nwriter.add_scalar('before', 1.0, 1)\nwriter.flush()\n"
        + HOOKS[hook]
        + f"log(writer)\nmodule.{hook.split()[-1]} = original\n"
        + "writer.add_scalar('after', 1.0, 2)\nwriter.close()\n"
    )


def _subclass(override: str) -> str:
    scalars = "writer.add_scalars('g', {'k': 1.0}, step)" if override.startswith("add_scalars") else "pass"
    return (
        OVERRIDES[override]
        + "with Own(logdir) as writer:\n"
        + f"    for step in range(3):\n        writer.add_scalar('loss', 1.0, step)\n        {scalars}\n"
        + "assert writer.file_writer is None and writer.all_writers is None\n"
        # How often the peers ask is their own affair.
        + ("heard = [len(heard) >= 4]" if "asks" in override else "")
    )


BEFORE = {
    name: hook + "with module.SummaryWriter(logdir) as writer: log(writer)" for name, hook in HOOKS.items()
}
LATE = {f"{name}, late": _late(name) for name in list(HOOKS)[:3]}
SUBCLASSES = {name: _subclass(name) for name in OVERRIDES}
PROGRAMS = {**BEFORE, **LATE, **SUBCLASSES, "one object": OBJECTS, "both peers": BOTH_PEERS}


@pytest.fixture(scope="module", params=PEERS)
def peer(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def root(peer: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp(peer)


@pytest.fixture(scope="module")
def heard(peer: str, root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What each program hears of the peer and of cupola."""
    of_peer = hear_all(PROGRAMS, peer, root / "peer", "peer")
    return of_peer, hear_all(PROGRAMS, peer, root / "cupola", "cupola")


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_heard_of_the_peer_is_heard_of_cupola(
    heard: tuple[dict[str, Any], dict[str, Any]], program: str
) -> None:
    of_peer, of_cupola = heard
    assert of_cupola[program] == of_peer[program] and of_peer[program]


def test_it_is_written_all_the_same(heard: tuple[dict[str, Any], dict[str, Any]], root: Path) -> None:
    for program in PROGRAMS:
        log = root / "cupola" / program
        logged = scalars(log)
        assert len(files(log)) == 1, program
        if program in BEFORE:
            assert logged["loss"] == [(3, 1.5)] and logged["numpy"] == [(4, 2.0)], program
        if program in LATE:
            expected = [[(1, 1.0)], [(3, 1.5)], [(2, 1.0)]]
            assert [logged[tag] for tag in ("before", "loss", "after")] == expected, program
        if program in SUBCLASSES:
            assert logged["loss"] == [(0, 1.0), (1, 1.0), (2, 1.0)], program
    kept = root / "cupola" / "add_scalars as the peers write it" / "k"
    assert scalars(kept) == {"g": [(0, 1.0), (1, 1.0), (2, 1.0)]} and len(files(kept)) == 1


def test_an_event_of_one_peer_is_heard_once(heard: tuple[dict[str, Any], dict[str, Any]], peer: str) -> None:
    assert heard[1]["both peers"] == ["scalar " + peer, peer]


def test_of_cupola_alone(tmp_path: Path) -> None:
    hook = HOOKS["a replaced FileWriter.add_event"]
    programs = {
        "own writer": hook
        + "from cupola import SummaryWriter\nwith SummaryWriter(logdir) as writer: log(writer)\n",
        "no protobuf": """
for name in ("tensorboard.compat.proto.event_pb2", "tensorboardX.proto.event_pb2"):
    sys.modules[name] = None
"""
        + hook.replace(
            "    heard.append", "    heard.append(event.summary.value[0].simple_value)\n    heard.append"
        )
        + "with module.SummaryWriter(logdir) as writer: writer.add_scalar('loss', 1.5, 3)",
        "no hook": """
writer = module.SummaryWriter(logdir)
writer.file_writer, writer.all_writers
writer.add_scalar("loss", 1.0, 1)
file = writer._main_file()
heard = [file.is_sent_elsewhere, file.scalar == file._native.scalar]
""",
    }
    heard = hear_all(programs, PEERS[0], tmp_path / "log", "cupola")
    assert ["summary", ["loss"], 3] in heard["own writer"], "cupola's own writer is heard, too"
    assert heard["no protobuf"] == [1.5, ["summary", ["loss"], 3]]
    assert scalars(tmp_path / "log" / "no protobuf") == {"loss": [(3, 1.5)]}
    assert heard["no hook"] == [False, True], "nobody else pays"
