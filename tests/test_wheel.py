"""A wheel of this checkout, installed elsewhere, gives a working `cupola` command with its page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


pytestmark = pytest.mark.timeout(600)  # a wheel is built first


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built by pip from the tracked and built files, not from this working tree's build folder."""
    pytest.importorskip("scikit_build_core", reason="the build group is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--no-deps",
        "--no-build-isolation",
        "-q",
        "-w",
        str(folder),
    ]
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([*command, f"-Cbuild-dir={folder}/build"], check=True, env=environment)
    (built,) = folder.glob("cupola-*.whl")
    return built


def test_wheel_holds_codec_page_and_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(re.fullmatch(r"cupola/_codec\.[^/]+\.(so|pyd)", name) for name in names)
    assert {"cupola/_web/index.html", "cupola/py.typed", "cupola/_codec.pyi"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith(".data/data/share/man/man1/cupola.1") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "web/", "codec/", "build/", "tools/"))]


def test_wheel_says_what_is_bundled_and_compiled_in(wheel: Path) -> None:
    text = zipfile.ZipFile(wheel).read("cupola/THIRD_PARTY_LICENSES").decode()
    bundled = {"@dagrejs/dagre", "d3-array", "d3-format", "d3-time", "dompurify", "marked", "svelte", "three"}
    said = {line.split()[0] for line in text.splitlines() if re.fullmatch(r"\S+ \d[\w.]*( \(.+\))?", line)}
    assert bundled | {"nanobind"} <= said
    assert "tsl::robin_map (MIT License)" in text


def test_installed_wheel_serves_its_page(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)],
        check=True,
    )
    environment = os.environ | {"PYTHONPATH": str(site), "PYTHONUNBUFFERED": "1"}
    where = subprocess.check_output(
        [sys.executable, "-c", "import cupola; print(cupola.__file__)"],
        env=environment,
        cwd=tmp_path,
        text=True,
    )
    assert Path(where.strip()).is_relative_to(site), "the test would look at the checkout, not at the wheel"
    script = shutil.which("cupola", path=str(site / "bin"))
    assert script, "the wheel has no `cupola` command"
    (tmp_path / "logs").mkdir()
    with subprocess.Popen(
        [sys.executable, script, "--logdir", "logs", "--port", "0"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            found = next(filter(None, (re.search(r"http://\S+", line) for line in process.stdout)))
            address = found.group().rstrip("/")
            page = fetch(f"{address}/")[0].decode()
            assert '<div id="app"' in page
            (script_name,) = re.findall(r'<script[^>]* src="([^"]+)"', page)
            code, kind = fetch(f"{address}/{script_name.removeprefix('./')}")
            assert kind.startswith("text/javascript")
            assert len(code) > 1000
        finally:
            process.terminate()


def fetch(address: str) -> tuple[bytes, str]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read(), answer.headers["Content-Type"]
