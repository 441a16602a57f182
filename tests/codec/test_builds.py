"""The codec as other machines build it: without any CPU-specific instruction, and under sanitizers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CHECK = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("cupola._codec", sys.argv[1])
codec = importlib.util.module_from_spec(spec)
spec.loader.exec_module(codec)
chunk = codec.Scanner(sys.argv[2]).scan()
print(json.dumps([codec.CRC_IMPLEMENTATION, codec.crc32c(b"123456789"), chunk.records, len(chunk.damage)]))
"""


@pytest.mark.slow
def test_the_portable_build_reads_the_same(tmp_path: Path) -> None:
    from cupola import SummaryWriter
    from cupola._codec import Scanner

    with SummaryWriter(str(tmp_path / "log")) as writer:
        for step in range(1000):
            writer.add_scalar("x", step, step)
    (file,) = (tmp_path / "log").glob("*tfevents*")
    build = tmp_path / "build"
    options = [f"-DPython_EXECUTABLE={sys.executable}", "-DCUPOLA_PORTABLE=ON", "-G", "Ninja"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path}
    for command in (["cmake", "-S", str(ROOT), "-B", str(build), *options], ["cmake", "--build", str(build)]):
        subprocess.run(command, check=True, capture_output=True, env=environment, timeout=600)
    (module,) = build.glob("_codec*")
    found = subprocess.run(
        [sys.executable, "-c", CHECK, str(module), str(file)], capture_output=True, text=True, check=True
    )
    assert json.loads(found.stdout) == ["portable", 0xE3069283, Scanner(str(file)).scan().records, 0]


@pytest.mark.slow
def test_the_fuzzer_finds_nothing() -> None:
    environment = {**os.environ, "FUZZ_S": "30"}
    subprocess.run(["make", "-C", str(ROOT), "fuzz"], check=True, env=environment, timeout=600)
