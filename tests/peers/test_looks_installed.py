"""Under `cupola.compat` the peers look installed to every usual check, whether they are or not.

Each test is a process of its own, once with both peers and once in an environment that has neither.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tensorboardX  # noqa: F401 - the programs below import it
import torch  # noqa: F401 - and it

import cupola

SOURCE = str(Path(cupola.__file__).parents[1])
PACKAGES = [entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]


@pytest.fixture(scope="module")
def without_peers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This environment's packages but for TensorBoard and tensorboardX."""
    folder = tmp_path_factory.mktemp("site")
    for packages in PACKAGES:
        for entry in Path(packages).iterdir():
            link = folder / entry.name
            if not entry.name.lower().startswith("tensorboard") and not link.exists():
                link.symlink_to(entry)
    return folder


@pytest.fixture(params=["both", "neither"])
def packages(request: pytest.FixtureRequest, without_peers: Path) -> str:
    """Where Python finds packages: with both peers, or with neither."""
    return os.pathsep.join(PACKAGES) if request.param == "both" else str(without_peers)


def run(packages: str | Path, code: str, compat: bool = True) -> str:
    path = os.pathsep.join([SOURCE, str(packages)])
    code = ("import cupola.compat\n" if compat else "") + code
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_environment_without_them_lacks_them(without_peers: Path) -> None:
    code = (
        "import importlib.util as u\n"
        "print(*(u.find_spec(name) for name in ('tensorboard', 'tensorboardX')))\n"
        "import cupola, cupola.summary, cupola.peers.import_hook\n"
        "from cupola import FileWriter, SummaryWriter\n"
        "print(*(u.find_spec(name) for name in ('tensorboard', 'tensorboardX')))\n"
    )
    assert run(without_peers, code, compat=False).split() == ["None"] * 4, "only cupola.compat stands in"


MODULES = """
import importlib, importlib.util, inspect, os, pkgutil
from cupola.peers.import_hook import STAND_INS
packages = {"tensorboardX": "tensorboardX", "torch.utils.tensorboard": "torch_utils/tensorboard"}
names = [package if file.stem == "__init__" else f"{package}.{file.stem}"
         for package, folder in packages.items() for file in (STAND_INS / folder).glob("*.py")]
assert len(names) == 13, names
"""


def test_every_module_has_what_a_module_has(packages: str) -> None:
    run(
        packages,
        MODULES
        + """
for name in names:
    spec = importlib.util.find_spec(name)
    module = importlib.import_module(name)
    assert os.path.isfile(spec.origin) and spec.origin == module.__file__, name
    assert module.__spec__.name == module.__name__ == name
    assert module.__loader__ is module.__spec__.loader
    assert module.__package__ == (name if name in packages else name.rpartition(".")[0])
    assert hasattr(module, "__path__") == (name in packages)
    assert module.__doc__ and "cupola.compat" in module.__doc__
    assert inspect.getsource(module) == open(module.__file__).read()
    assert inspect.getfile(module) == module.__file__
    again = importlib.reload(module)
    assert again is module and again.__file__ == spec.origin
    parent, _, leaf = name.rpartition(".")
    assert not parent or getattr(importlib.import_module(parent), leaf) is module
for package in packages:
    inner = {found.name for found in pkgutil.iter_modules(importlib.import_module(package).__path__)}
    assert {name.rpartition(".")[2] for name in names if name.startswith(package + ".")} <= inner
import torch.utils
assert "tensorboard" in {found.name for found in pkgutil.iter_modules(torch.utils.__path__)}
""",
    )


def test_every_public_name_of_the_replaced_packages(packages: str) -> None:
    run(
        packages,
        """
import inspect, pickle
import torch.utils.tensorboard as of_torch, tensorboardX as of_x
for module in (of_torch, of_x):
    space = {}
    exec(f"from {module.__name__} import *", space)
    assert {"SummaryWriter", "FileWriter", "RecordWriter"} <= set(space)
    for name in module.__all__:
        value = getattr(module, name)
        assert space[name] is value and name in dir(module)
        assert pickle.loads(pickle.dumps(value)) is value
        named = pickle.loads(f"c{module.__name__}\\n{name}\\n.".encode())  # as in a checkpoint of the peer's
        assert named is value
        assert inspect.getsourcefile(value) and value.__name__ in inspect.getsource(value)
    assert not hasattr(module, "nonsense")
assert of_x.__version__ == "2.6.5"
""",
    )


def test_distributions(packages: str) -> None:
    run(
        packages,
        """
import importlib.metadata as metadata
for name in ("tensorboard", "tensorboardX"):
    assert int(metadata.version(name).split(".")[0]) >= 2
    assert metadata.metadata(name)["Name"] == name == metadata.distribution(name).metadata["Name"]
    list(metadata.distribution(name).entry_points), metadata.requires(name), metadata.files(name)
    assert name in metadata.packages_distributions()[name]
assert len([d for d in metadata.distributions() if (d.metadata["Name"] or "").lower() == "tensorboardx"]) == 1
try:
    import pkg_resources
except ImportError:
    pass
else:
    assert pkg_resources.get_distribution("tensorboardX").version == metadata.version("tensorboardX")
    pkg_resources.require("tensorboard>=2")
""",
    )


def test_tensorboard_itself(without_peers: Path) -> None:
    """Frameworks look for it before they use `torch.utils.tensorboard`; there is nothing else in it."""
    run(
        without_peers,
        """
import importlib.util, tensorboard
assert importlib.util.find_spec("tensorboard").origin == tensorboard.__file__
assert int(tensorboard.__version__.split(".")[0]) >= 2
try:
    tensorboard.program
except AttributeError as error:
    assert "pip install tensorboard" in str(error)
assert importlib.util.find_spec("tensorboard.program") is None
""",
    )
    run(os.pathsep.join(PACKAGES), "import tensorboard.program as p; assert 'stand_ins' not in p.__file__")


CHECKS = {
    "lightning_utilities": """
from lightning_utilities.core.imports import RequirementCache, module_available
for name in ("tensorboard", "tensorboardX"):
    assert RequirementCache(name) and module_available(name), name
assert RequirementCache("torch.utils.tensorboard", module="torch.utils.tensorboard")
""",
    "lightning.pytorch": """
import tempfile
from lightning.pytorch.loggers import TensorBoardLogger
import lightning.fabric.loggers.tensorboard as checks
from cupola import SummaryWriter
assert checks._TENSORBOARD_AVAILABLE and checks._TENSORBOARDX_AVAILABLE
assert isinstance(TensorBoardLogger(tempfile.mkdtemp()).experiment, SummaryWriter)
""",
    "transformers": """
from transformers.integrations.integration_utils import is_tensorboard_available
assert is_tensorboard_available()
""",
    "accelerate": """
from accelerate.utils import is_tensorboard_available
from accelerate.tracking import get_available_trackers
assert is_tensorboard_available()
""",
    "stable_baselines3": """
from stable_baselines3.common import logger
from cupola import SummaryWriter
assert logger.SummaryWriter is SummaryWriter
""",
    "ignite": """
import ignite.handlers.tensorboard_logger, tempfile
from cupola import SummaryWriter
logger = ignite.handlers.tensorboard_logger.TensorboardLogger(log_dir=tempfile.mkdtemp())
assert isinstance(logger.writer, SummaryWriter)
""",
    "monai": """
from monai.utils import optional_import
for name in ("torch.utils.tensorboard", "tensorboardX"):
    assert optional_import(name, name="SummaryWriter")[1]
    assert optional_import(name)[1]
""",
}


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("framework", CHECKS)
def test_a_frameworks_own_check(packages: str, framework: str) -> None:
    pytest.importorskip(framework.split(".")[0])
    run(packages, CHECKS[framework])
