"""`cupola.compat`: programs that import a peer log by cupola. Each in a process of its own: imports are for
ever.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tensorboardX  # noqa: F401 - the programs below import it
import torch  # noqa: F401 - and it
from tests.support.event_files import files, scalars

TORCH = """
from torch.utils.tensorboard import SummaryWriter, FileWriter, RecordWriter
import torch.utils.tensorboard
import torch.utils.tensorboard as tb
from torch.utils import tensorboard
from torch.utils.tensorboard import summary
from torch.utils.tensorboard.summary import hparams
from torch.utils.tensorboard.writer import SummaryWriter as Again
from torch.utils.tensorboard._convert_np import make_np
assert SummaryWriter is Again is tb.SummaryWriter is tensorboard.SummaryWriter
assert torch.utils.tensorboard.SummaryWriter is Again
"""

TENSORBOARDX = """
from tensorboardX import FileWriter, GlobalSummaryWriter, RecordWriter, SummaryWriter, __version__
import tensorboardX
import tensorboardX.summary as summary
from tensorboardX.event_file_writer import EventFileWriter
from tensorboardX.record_writer import RecordWriter as Again
from tensorboardX.x2num import make_np
from tensorboardX.proto import event_pb2  # the peer's own
event_pb2.Event()
assert tensorboardX.SummaryWriter is SummaryWriter
"""

LOG = """
import sys
with SummaryWriter(sys.argv[1]) as writer:
    assert type(writer).__module__.startswith("cupola"), type(writer).__module__
    writer.add_scalar("a", 1.0, 2)
    writer.add_scalars("g/h", {"k": 1.0}, 2)
    writer.file_writer.add_summary(summary.scalar("b", 3.0), 4)
"""


def run(*command: str | Path) -> None:
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("imports", "group"), [(TORCH, "g_h_k"), (TENSORBOARDX, "g/h/k")])
@pytest.mark.parametrize("how", ["import", "command"])
def test_programs_of_the_peers(tmp_path: Path, imports: str, group: str, how: str) -> None:
    script, logdir = tmp_path / "train.py", tmp_path / "log"
    (tmp_path / "neighbour.py").write_text("")
    script.write_text(
        "import neighbour\n" + ("import cupola.compat\n" if how == "import" else "") + imports + LOG
    )
    run(*(["-m", "cupola.compat"] if how == "command" else []), script, logdir)
    assert scalars(logdir) == {"a": [(2, 1.0)], "b": [(4, 3.0)]}
    assert scalars(logdir / group) == {"g/h": [(2, 1.0)]}


HIDE = """
import importlib.machinery, sys
find = importlib.machinery.PathFinder.find_spec
def find_spec(name, path=None, target=None):
    hidden = name.split(".")[0] in ("tensorboardX", "tensorboard", "google")
    return None if hidden else find(name, path, target)
importlib.machinery.PathFinder.find_spec = find_spec
import cupola.compat
"""


def test_without_the_peers(tmp_path: Path) -> None:
    """Neither is installed, nor what they need."""
    run("-c", HIDE + "from tensorboardX import SummaryWriter, summary" + LOG, tmp_path)
    assert scalars(tmp_path)["a"] == [(2, 1.0)]


def test_sub_modules_are_there_without_being_imported(tmp_path: Path) -> None:
    check = (
        "import cupola.compat, sys, tensorboardX, torch.utils.tensorboard as tb\n"
        "for peer in (tensorboardX, tb):\n"
        "    assert 'stand_ins' in peer.summary.__file__ and 'stand_ins' in peer.__file__\n"
        "    assert peer.summary.scalar.__module__ == 'cupola.peers.summary'\n"
        "    assert not hasattr(peer, 'nonsense')\n"
        "assert tensorboardX.proto.__name__ == 'tensorboardX.proto'\n"
    )
    run("-c", check)


def test_names_without_a_twin_are_the_peers_own() -> None:
    check = (
        "import cupola.compat, sys\n"
        "from tensorboardX import TorchVis\n"
        "from tensorboardX.record_writer import RecordWriter, make_valid_tf_name\n"
        "from tensorboardX.crc32c import crc32c\n"
        "from torch.utils.tensorboard._convert_np import _prepare_pytorch\n"
        "assert RecordWriter.__module__ == 'cupola.peers.record_writer'\n"
        "assert make_valid_tf_name('$a/&b') == '._a/_b'\n"
        "writers = TorchVis('tensorboard', tensorboard={'write_to_disk': False}).subscribers\n"
        "assert type(writers['tensorboard']).__module__ == 'cupola.peers.tensorboardx_writer'\n"
    )
    run("-c", check)


def test_without_the_peers_their_helpers_are_there() -> None:
    check = HIDE + (
        "from tensorboardX.utils import _prepare_video, convert_to_HWC, figure_to_image, make_grid\n"
        "from torch.utils.tensorboard._utils import convert_to_HWC as again\n"
        "import tensorboardX.record_writer\n"
        "assert again is convert_to_HWC\n"
        "assert not hasattr(tensorboardX.record_writer, 'make_valid_tf_name')\n"
        "try:\n"
        "    from tensorboardX import TorchVis\n"
        "except ImportError:\n"
        "    sys.exit()\n"
        "sys.exit('TorchVis is there')\n"
    )
    run("-c", check)


def test_what_was_imported_before_is_replaced_for_later_imports(tmp_path: Path) -> None:
    script = "import tensorboardX\nold = tensorboardX.SummaryWriter\nimport cupola.compat\n"
    script += "from tensorboardX import SummaryWriter, summary\nassert SummaryWriter is not old\n" + LOG
    run("-c", script, tmp_path)
    assert len(files(tmp_path)) == 1


def test_copies_of_the_replaced_writer_are_of_its_kind(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(
        "import copy, sys\nfrom tensorboardX import SummaryWriter\n"
        "w = copy.deepcopy(SummaryWriter(sys.argv[1]))\n"
        "w.add_scalars('g', {'k': 1})\nw.close()\n"
    )
    run("-m", "cupola.compat", script, tmp_path / "log")
    assert scalars(tmp_path / "log" / "g" / "k") == {"g": [(0, 1.0)]}


def test_importing_is_cheap() -> None:
    heavy = {"torch", "PIL", "matplotlib", "tensorboard", "tensorboardX", "google", "multiprocessing"}
    check = f"import sys; found = {heavy!r} & set(sys.modules); assert not found, found"
    run(
        "-c",
        f"import cupola; assert 'numpy' not in sys.modules; {check}".replace(
            "import cupola", "import sys, cupola"
        ),
    )
    run("-c", f"from cupola import SummaryWriter; {check}")
    run("-c", f"import cupola.compat; {check}")


def test_only_compat_changes_what_imports_mean() -> None:
    """The peers' classes and functions can be used beside the peers themselves."""
    check = (
        "import sys, cupola.summary\n"
        "from cupola import FileWriter, GlobalSummaryWriter, RecordWriter, SummaryWriter, summary\n"
        "assert summary is cupola.summary\n"
        "import tensorboardX\n"
        "assert tensorboardX.SummaryWriter.__module__ == 'tensorboardX.writer'\n"
        "import cupola.compat, tensorboardX\n"
        "assert tensorboardX.SummaryWriter is cupola.compat.TensorboardXWriter\n"
    )
    run("-c", check)
