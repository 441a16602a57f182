"""Paths of a projector config are judged by where they lead: into the run they are opened, out of it they are
refused, however they are written.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.room_client import RoomClient

from cupola.columns import decode_columns
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.plugins.projector import api
from cupola.plugins.projector.config import FILE

SPRITE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\2\0\0\0\1\x08\0\0\0\0"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Holds `logs/run`: files, links to them, and links out of the run to files of the same names."""
    run = tmp_path / "logs" / "run"
    (run / "files").mkdir(parents=True)
    (run / "files" / "vectors.tsv").write_text("1\t2\t3\n3\t4\t5\n")
    (run / "files" / "labels.tsv").write_text("a\nb\n")
    (run / "files" / "sprite.png").write_bytes(SPRITE)
    (run / "link").symlink_to("files")
    (tmp_path / "way in").symlink_to(run)
    for name in ("vectors.tsv", "labels.tsv", "sprite.png"):
        (run / f"link to {name}").symlink_to(run / "files" / name)
        for outside in (tmp_path / name, tmp_path / "logs" / name):
            outside.write_bytes((run / "files" / name).read_bytes())
        (run / f"way out to {name}").symlink_to(tmp_path / name)
    (run / "way out").symlink_to(tmp_path)
    return tmp_path


def answers(tree: Path, path: str) -> dict[str, int]:
    """Statuses of what a config leads to that names its tensor, labels and sprite by `path`."""

    def field(name: str, file: str) -> str:
        return f'{name}: "{path.format(file, tree=tree)}"'

    words = ['tensor_name: "t"', field("tensor_path", "vectors.tsv"), field("metadata_path", "labels.tsv")]
    words.append(f"sprite {{ {field('image_path', 'sprite.png')} single_image_dim: [1, 1] }}")
    # Labels and the sprite of a tensor that is opened: each is refused by itself.
    other = ['tensor_name: "ok" tensor_path: "files/vectors.tsv"', *words[2:]]
    config = f"embeddings {{ {' '.join(words)} }} embeddings {{ {' '.join(other)} }}"
    (tree / "logs" / "run" / FILE).write_text(config)
    provider = LocalProvider(tree / "logs", plugins().values())
    provider.poll()
    room, run = RoomClient(api, provider), {"run": "run"}
    assert decode_columns(room.get("/tensor", {**run, "name": "ok"}).content)["shape"] == [2, 3]
    found = {route: room.get(route, {**run, "name": "t"}) for route in ("/tensor", "/pca", "/metadata")}
    found["/neighbours"] = room.get("/neighbours", {**run, "name": "t", "index": 0})
    found["labels"] = room.get("/metadata", {**run, "name": "ok"})
    found["sprite"] = room.get("/sprite", {**run, "name": "ok"})
    return {route: answer.status_code for route, answer in found.items()}


@pytest.mark.parametrize(
    "path",
    [
        "files/{}",
        "./files/{}",
        "files//{}",
        "files/../files/./{}",
        "link/{}",
        "link/../files/{}",
        "link to {}",
        "../run/files/{}",
        "{tree}/logs/run/files/{}",
        "{tree}/logs/../logs/run/link/{}",
        "{tree}/way in/files/{}",
    ],
)
def test_a_path_that_leads_into_the_run_is_opened_however_it_is_written(tree: Path, path: str) -> None:
    assert set(answers(tree, path).values()) == {200}


@pytest.mark.parametrize(
    "path",
    [
        "../{}",
        "../../{}",
        "files/../../{}",
        "./files/../../../{}",
        "{tree}/{}",
        "{tree}/logs/{}",
        "{tree}/logs/run/../{}",
        "{tree}/logs/run/files/../../{}",
        "way out/{}",
        "way out/logs/{}",
        "way out to {}",
        "link/../../{}",
        "{tree}/way in/../{}",
        "..\\\\{}",
        "~/{}",
        "/etc/passwd",
        "/proc/self/environ",
        "/dev/zero",
        "files",
        ".",
        "/",
        "files/{}\\000",
    ],
)
def test_a_path_that_leads_out_of_the_run_is_refused_however_it_is_written(tree: Path, path: str) -> None:
    assert set(answers(tree, path).values()) == {404}
