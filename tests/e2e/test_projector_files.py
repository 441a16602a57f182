"""Matrix files on the projector's page: dropped, through a proxy, with a token; `cupola projector FILE`."""

from __future__ import annotations

import base64
import io
import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cupola.plugins.projector.encode import embedding

from .conftest import Cupola
from .logs import write
from .test_proxies import HARMLESS, LAB, free_port, nginx, through

expect.set_options(timeout=8000)
ARGUMENTS = (f"--host-resolver-rules=MAP {LAB} 127.0.0.1",)

Visit = Callable[..., Page]
Start = Callable[..., Cupola]

DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name));
  const zone = document.querySelector("main .zone");
  for (const kind of ["dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
}"""

MATRIX = np.random.default_rng(0).standard_normal((200, 8)).astype(np.float32)


def drop(page: Page, name: str, data: bytes) -> None:
    page.evaluate(DROP, [name, base64.b64encode(data).decode()])


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    rows = [(f"word {index}", str(index % 5)) for index in range(200)]
    embedding(MATRIX[:, :4], rows, None, 0, "t", ["word", "kind"]).write(tmp_path / "logs" / "run")
    return tmp_path / "logs"


def files_below(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_a_dropped_matrix_is_shown_and_closed(logdir: Path, cupola: Start, visit: Visit) -> None:
    before = files_below(logdir)
    page = visit(f"{cupola(logdir).address}#projector?plane=1")
    expect(page.locator("[data-drawn='t:00000']")).to_be_visible()
    drop(page, "vectors.npy", npy(MATRIX.astype("f8")))
    expect(page.locator("[data-drawn='vectors']")).to_be_visible()
    expect(page.get_by_text("200 points × 8 dimensions")).to_be_visible()
    page.wait_for_url(re.compile("run=file"))
    page.reload()
    expect(page.locator("[data-drawn='vectors']")).to_be_visible()
    page.get_by_role("button", name="Close this file").click()
    expect(page.locator("[data-drawn='t:00000']")).to_be_visible()
    assert files_below(logdir) == before


def test_what_cannot_be_read_is_said_and_the_rest_stays(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(f"{cupola(logdir).address}#projector?plane=1", allow=("422",))
    expect(page.locator("[data-drawn='t:00000']")).to_be_visible()
    for name, data, said in (
        ("objects.npy", npy(np.array([[{}]], object)), "a pickle can run any program"),
        ("cube.npy", npy(np.zeros((2, 3, 4))), "has shape [2, 3, 4]"),
        ("cut.npy", npy(MATRIX)[:-100], "cut short"),
        ("empty.npy", b"", "is empty"),
        ("scores.npy", npy(np.arange(7.0)), "7 rows for 200 points"),
    ):
        drop(page, name, data)
        expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
        expect(page.locator("[data-drawn='t:00000']")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_one_value_a_point_becomes_a_colour(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(f"{cupola(logdir).address}#projector?plane=1")
    expect(page.locator("[data-drawn='t:00000']")).to_be_visible()
    drop(page, "loss.npy", npy(np.linspace(0, 1, 200)))
    expect(page.get_by_text("Added from loss.npy, row by row: loss")).to_be_visible()
    page.wait_for_url(re.compile("color_by=loss"))
    lines = ["word,score", *(f"word {index},{index / 7}" for index in reversed(range(150)))]
    drop(page, "scores.csv", "\n".join(lines).encode())
    expect(page.get_by_text("Added from scores.csv, matched by word: score")).to_be_visible()
    page.wait_for_url(re.compile("color_by=score"))


def test_a_file_where_no_embedding_was_logged(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    write(tmp_path / "logs", {"loss": [(0, 1.0)]})
    page = visit(f"{cupola(tmp_path / 'logs').address}#projector?plane=1", locale="zh-CN")
    expect(page.get_by_role("button", name="打开文件…")).to_be_visible()
    page.set_input_files("input[type=file]", {"name": "a.npy", "mimeType": "", "buffer": npy(MATRIX)})
    expect(page.locator("[data-drawn='a']")).to_be_visible()


def test_through_a_proxy_of_one_megabyte_with_prefix_and_token(
    tmp_path: Path, logdir: Path, cupola: Start, visit: Visit
) -> None:
    server = cupola(logdir, "--allow_host", LAB, "--path_prefix", "/cupola", "--token")
    port = free_port()
    large = np.random.default_rng(1).standard_normal((20_000, 40)).astype(np.float32)  # 3.2 MB
    for bound in ("", "client_max_body_size 100k;"):  # nginx's own is 1 MiB
        text = (
            f"server {{ listen {port}; {bound} location /cupola/ {{ "
            f"proxy_pass http://127.0.0.1:{server.port}; }} }}"
        )
        with nginx(text, port, tmp_path):
            address = through(server.address, port)
            page = visit(f"{address}#projector?plane=1", allow=(*HARMLESS, "413"))
            expect(page.locator("[data-drawn]")).to_be_visible()
            drop(page, "large.npy", npy(large))
            expect(page.locator("[data-drawn='large']")).to_be_visible()
            expect(page.get_by_text("20,000 points × 40 dimensions")).to_be_visible()


def test_cupola_projector_with_labels_and_images(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    from PIL import Image

    np.savez(tmp_path / "a.npz", X=MATRIX, Y=MATRIX[:, :3], split=np.arange(200) % 2)
    (tmp_path / "m.csv").write_text("file,kind\n" + "".join(f"p{i},{i % 4}\n" for i in range(200)))
    (tmp_path / "images").mkdir()
    for index in range(200):
        Image.new("RGB", (8, 8), (index, 0, 0)).save(tmp_path / "images" / f"p{index}.png")
    options = ("--metadata", str(tmp_path / "m.csv"), "--images", str(tmp_path / "images"))
    server = cupola(None, "projector", str(tmp_path / "a.npz"), *options)
    listed = json.load(urllib.request.urlopen(f"{server.address}api/projector/embeddings"))["embeddings"]
    assert [(item["name"], item["shape"]) for item in listed] == [("X", [200, 8]), ("Y", [200, 3])]
    page = visit(f"{server.address}#projector?plane=1&point=3")
    expect(page.locator("[data-drawn='X']")).to_be_visible()
    card = page.get_by_role("region", name=re.compile("^Point"))
    for text in ("file", "p3", "kind", "split"):
        expect(card.get_by_text(text, exact=True).first).to_be_visible()
    expect(card.locator("img").first).to_be_visible()
