"""What jupyter-server-proxy is told."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

from tests.support.log_file import LogFile

from cupola.notebook import launcher

PYPROJECT = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")


def test_the_entry_point_leads_to_it():
    found = re.search(
        r'^\[project.entry-points.jupyter_serverproxy_servers\]\ncupola = "([\w.]+):(\w+)"$', PYPROJECT, re.M
    )
    assert found and getattr(import_module(found[1]), found[2]) is launcher.entry


def test_each_path_gets_the_token_that_the_server_is_told():
    entry = launcher.entry()
    token = entry["environment"]["CUPOLA_FRAME_TOKEN"]
    assert len(token) == 32 and token != launcher.entry()["environment"]["CUPOLA_FRAME_TOKEN"]
    assert entry["mappath"]("/") == f"/@{token}/"
    assert entry["mappath"]("/api/info") == f"/@{token}/api/info"
    assert token not in " ".join(entry["command"]())


def test_it_shows_the_logs_where_jupyter_was_started(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def shown() -> list[str]:
        words = [word.format(port=8765) for word in launcher.entry()["command"]()]
        assert words[:4] == [sys.executable, "-m", "cupola.notebook.child", "self"]
        assert words[-2:] == ["--port", "8765"]
        return words[4:-2]

    assert shown() == ["logs"]
    LogFile(tmp_path / "runs {1}" / "a").points("x", range(3))
    assert shown() == ["runs {1}"]
    monkeypatch.setenv("CUPOLA_LOGDIR", "/data/{user}")
    assert shown() == ["/data/{user}"]
