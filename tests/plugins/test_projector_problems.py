"""What the server says of an embedding's files has a code, for which the page has words in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.testclient import TestClient
from tests.plugins.test_projector_bad_files import MATRIX

from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.plugins.projector.config import FILE
from cupola.plugins.projector.encode import embedding
from cupola.server.app import App

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "web" / "src" / "plugins" / "projector" / "problemWords.ts"


def codes_of_the_server() -> dict[str, set[str]]:
    """Each code, with the names of its facts."""
    files = [*(ROOT / "src/cupola/plugins/projector").glob("*.py"), ROOT / "src/cupola/index/asset.py"]
    found = {}
    for file in files:
        for call in re.finditer(r"\.coded\(\s*\"(\w+)\"((?:[^()]|\([^()]*\))*)\)", file.read_text("utf-8")):
            found[call[1]] = set(re.findall(r"(\w+)=", call[2]))
    return found


def codes_of_the_page() -> dict[str, set[str]]:
    text = WORDS.read_text("utf-8")
    found = {}
    for entry in re.finditer(r"^  (\w+): \(\{([^}]*)\}\) =>", text, re.MULTILINE):
        found[entry[1]] = {name.strip() for name in entry[2].split(",")}
    return found


def test_the_page_has_words_for_each_code_and_no_other_facts_in_them() -> None:
    server, page = codes_of_the_server(), codes_of_the_page()
    assert len(server) > 15
    assert page.keys() == server.keys()
    for code, facts in page.items():
        assert facts <= server[code], code


def test_answers_hold_code_and_facts(tmp_path: Path) -> None:
    embedding(MATRIX, ["a", "b", "c", "d"], None, 3, "good").write(tmp_path / "run")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / FILE).write_text("embeddings {\n oh no")
    (tmp_path / "run" / "00003" / "good" / "metadata.tsv").unlink()
    provider = LocalProvider(tmp_path, plugins().values())
    provider.poll()
    with TestClient(App(lambda: provider).asgi, base_url="http://127.0.0.1") as web:
        (problem,) = web.get("/api/projector/embeddings").json()["problems"]
        assert (problem["code"], problem["facts"]["line"]) == ("config_syntax", 2)
        answer = web.get("/api/projector/metadata", params={"run": "run", "name": "good:00003"})
        assert answer.status_code == 404
        assert (answer.json()["code"], answer.json()["facts"]["path"]) == (
            "no_file",
            repr("00003/good/metadata.tsv"),
        )
        plain = web.get("/api/projector/neighbours", params={"run": "run", "name": "good:00003", "index": -1})
        assert plain.json().keys() == {"error"}
