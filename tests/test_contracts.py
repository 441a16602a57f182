"""The import contracts of pyproject.toml refuse what they are for: on a copy in which each is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

BREACHES = {  # where an import is added: what it imports
    "plugins/tensor/encode.py": "cupola.plugins.text.decode",
    "plugins/tensor/__init__.py": "cupola.plugins.mesh",
    "http/series.py": "cupola.plugins.text.decode",
    "http/answers.py": "cupola.index.local",
    "index/run.py": "cupola.plugins.scalars",
    "index/local.py": "cupola.http.answers",
    "writer/log_writer.py": "cupola.index.local",
    "writer/arguments.py": "cupola.plugins.images.decode",
    "events/wire.py": "cupola.provider",
    "provider.py": "starlette.responses",
    "reader.py": "cupola.server.app",
    "plugins/graphs/decode.py": "starlette.responses",
    "types.py": "tensorboard.compat.proto.event_pb2",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of the copy."""
    copy = tmp_path_factory.mktemp("contracts")
    ignored = shutil.ignore_patterns("_web", "__pycache__")
    shutil.copytree(ROOT / "src" / "cupola", copy / "src" / "cupola", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)
    for place, module in BREACHES.items():
        with (copy / "src" / "cupola" / place).open("a") as file:
            file.write(f"\nimport {module}\n")
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "COLUMNS": "300"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("place", BREACHES)
def test_a_breach_is_refused(told: str, place: str):
    module = ".".join(["cupola", *Path(place).with_suffix("").parts]).removesuffix(".__init__")
    imported = BREACHES[place]
    if not imported.startswith("cupola."):
        imported = imported.partition(".")[0]
    assert f"{module} -> {imported} (l." in told, told
