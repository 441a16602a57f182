"""`add_embedding`: TensorBoard's own plugin reads what is written; both peers' calls are taken."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from PIL import Image
from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
from werkzeug.test import Client
from werkzeug.wrappers import Response

from cupola.plugins.projector import sprite
from cupola.plugins.projector.config import FILE, decode_config
from cupola.plugins.projector.encode import embedding, encode_tag, looks_like_text
from cupola.plugins.projector.labels import BLANK
from cupola.plugins.projector.sprite import layout


class TensorBoard:
    """TensorBoard's projector plugin over one directory."""

    def __init__(self, logdir: Path) -> None:
        provider = mock.Mock()
        provider.list_runs.return_value = [SimpleNamespace(run_name=".")]
        plugin = ProjectorPlugin(SimpleNamespace(data_provider=provider, logdir=str(logdir)))
        self.apps = plugin.get_plugin_apps()

    def get(self, route: str, **query: str) -> bytes:
        answer = Client(self.apps[route], Response).get(query_string={"run": ".", **query})
        assert answer.status_code == 200, answer.data
        return answer.data

    def info(self) -> list[dict[str, Any]]:
        return json.loads(self.get("/info"))["embeddings"]

    def tensor(self, name: str) -> np.ndarray[Any, Any]:
        shape = next(item["tensorShape"] for item in self.info() if item["tensorName"] == name)
        return np.frombuffer(self.get("/tensor", name=name), np.float32).reshape(shape)


MATRICES = {
    "noise": np.random.default_rng(0).standard_normal((50, 7)).astype(np.float32),
    "zeros": np.zeros((4, 3), np.float32),  # as bytes this is text of NULs
    "ascii": np.full((3, 2), 2.0, np.float32),
    "newline": np.frombuffer(b"AAA\nBBBB\xff\xff\xff\x3f", np.float32).reshape(1, 3),
    "doubles": np.array([[1 / 3, 1e300], [-1e-300, 5]]),
    "integers": np.arange(6).reshape(2, 3),
    "not finite": np.array([[np.nan, np.inf], [-np.inf, 0.0]], np.float32),
    "extremes": np.array([[1e-45, 3.4028235e38], [1.17549435e-38, 0.1]], np.float32),
}


@pytest.mark.parametrize("case", MATRICES)
def test_tensorboard_reads_the_exact_tensor(tmp_path: Path, case: str) -> None:
    matrix = MATRICES[case]
    embedding(matrix, global_step=3, tag=case).write(tmp_path)
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(
            TensorBoard(tmp_path).tensor(f"{case}:00003"), matrix.astype(np.float32)
        )


def test_noise_is_bytes_and_what_looks_like_text_is_text(tmp_path: Path) -> None:
    assert not looks_like_text(MATRICES["noise"].tobytes())
    for case in ("zeros", "ascii", "newline"):
        assert looks_like_text(MATRICES[case].astype(np.float32).tobytes())


def test_the_tutorials_call(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(1)
    for step in (0, 30, 60):
        out = torch.randn(64, 11, generator=generator, requires_grad=True)
        target = torch.randint(0, 10, (64,), generator=generator)
        data = torch.rand(64, 1, 28, 28, generator=generator)
        embedding(out, metadata=target, label_img=data, global_step=step).write(tmp_path)
        wanted = out.detach().numpy().copy()
    board = TensorBoard(tmp_path)
    assert [item["tensorName"] for item in board.info()] == [f"default:{step:05d}" for step in (0, 30, 60)]
    np.testing.assert_array_equal(board.tensor("default:00060"), wanted)
    assert board.get("/metadata", name="default:00060").decode().split("\n")[:-1] == [
        str(int(t)) for t in target
    ]
    sheet = tmp_path / "00060" / "default" / "sprite.png"
    assert board.get("/sprite_image", name="default:00060") == sheet.read_bytes()
    assert board.info()[2]["sprite"] == {"imagePath": "00060/default/sprite.png", "singleImageDim": [28, 28]}
    with Image.open(sheet) as image:
        assert image.size == (224, 224)
        tile = np.asarray(image.convert("RGB"))[28:56, 56:84]  # row 1, column 2: the eleventh image
    np.testing.assert_array_equal(tile[..., 0], (data[10, 0].numpy() * 255).astype(np.uint8))


def test_what_a_torch_writer_left_stays(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_embedding(torch.ones(3, 2), global_step=1, tag="theirs")
        writer.add_embedding(torch.ones(3, 2), global_step=2, tag="ours")
    embedding(np.full((4, 2), 7.1, np.float32), global_step=2, tag="ours").write(tmp_path)
    board = TensorBoard(tmp_path)
    assert [item["tensorName"] for item in board.info()] == ["theirs:00001", "ours:00002"]
    assert board.tensor("theirs:00001").tolist() == [[1, 1]] * 3
    assert board.tensor("ours:00002").shape == (4, 2)
    assert [path.name for path in (tmp_path / "00002" / "ours").iterdir()] == ["tensors.bytes"]


def test_a_snapshot_is_taken(tmp_path: Path) -> None:
    matrix, images, labels = torch.ones(2, 3) * 0.3, torch.zeros(2, 1, 4, 4), ["a", "b"]
    files = embedding(matrix, labels, images, 0)
    matrix.fill_(9)
    images.fill_(1)
    labels[0] = "changed"
    files.write(tmp_path)
    board = TensorBoard(tmp_path)
    np.testing.assert_array_equal(board.tensor("default:00000"), np.full((2, 3), 0.3, np.float32))
    assert board.get("/metadata", name="default:00000") == b"a\nb\n"
    with Image.open(tmp_path / "00000/default/sprite.png") as image:
        assert np.asarray(image).max() == 0


def metadata_of(tmp_path: Path, count: int, metadata: Any, header: Any = None) -> str:
    embedding(np.ones((count, 2)), metadata, metadata_header=header).write(tmp_path)
    return (tmp_path / "00000/default/metadata.tsv").read_bytes().decode()


@pytest.mark.parametrize(
    ("metadata", "header", "wanted"),
    [
        (torch.tensor([5, 3]), None, "5\n3\n"),
        ([torch.tensor(5), torch.tensor([3])], None, "5\n3\n"),
        (torch.tensor([33.0, 44.5]), None, "33.0\n44.5\n"),
        (np.array([0.1, 2], np.float32), None, "0.1\n2.0\n"),
        (("käse\t7", "a\nb\rc"), None, "käse 7\na b c\n"),
        (["", "x"], None, f"{BLANK}\nx\n"),
        (
            [(torch.tensor(1.0), "test"), (torch.tensor(2.0), "")],
            ["digit", "set"],
            "digit\tset\n1.0\ttest\n2.0\t\n",
        ),
        (np.array([[1, 2], [3, 4]]), ("a", "b\n"), "a\tb \n1\t2\n3\t4\n"),
        (["x", "y"], ["name"], "x\ny\n"),
        ([["x"], ["y"]], ["name"], "x\ny\n"),
        (["x", "y"], [], "x\ny\n"),
        ((item for item in "xy"), None, "x\ny\n"),
    ],
)
def test_metadata(tmp_path: Path, metadata: Any, header: Any, wanted: str) -> None:
    assert metadata_of(tmp_path, 2, metadata, header) == wanted


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(("height", "width"), [(6, 6), (4, 10), (10, 4), (30, 2)])
@pytest.mark.parametrize("count", [1, 5, 16])
def test_sprites_of_any_shape(tmp_path: Path, channels: int, height: int, width: int, count: int) -> None:
    images = np.random.default_rng(3).integers(0, 256, (count, channels, height, width), np.uint8)
    embedding(np.ones((count, 2)), label_img=images).write(tmp_path)
    (entry,) = decode_config((tmp_path / FILE).read_text())
    assert entry.tile_size == (width, height)
    with Image.open(tmp_path / entry.sprite_path) as image:
        sheet = np.asarray(image).reshape(image.height, image.width, -1)
    assert sheet.shape[0] == sheet.shape[1]
    columns = sheet.shape[1] // width  # what TensorBoard computes
    assert columns * width == sheet.shape[1]
    for index in range(count):
        top, left = index // columns * height, index % columns * width
        tile = sheet[top : top + height, left : left + width]
        wanted = images[index].transpose(1, 2, 0)
        np.testing.assert_array_equal(tile, np.broadcast_to(wanted, tile.shape))


def test_images_that_are_not_bytes_are_cut_off(tmp_path: Path) -> None:
    images = np.array([-1.0, 0.5, 2.0, np.nan]).reshape(1, 1, 2, 2)
    embedding(np.ones((1, 2)), label_img=images).write(tmp_path)
    with Image.open(tmp_path / "00000/default/sprite.png") as image:
        assert np.asarray(image.convert("RGB"))[..., 0].tolist() == [[0, 127], [255, 0]]


@pytest.mark.parametrize(
    "shape", [(60_000, 28, 28), (100_000, 28, 28), (1000, 512, 512), (10, 4000, 100), (3, 9000, 9000)]
)
def test_sheets_fit_what_tensorboard_draws(shape: tuple[int, int, int]) -> None:
    count, height, width = shape
    columns, small_width, small_height = layout(count, width, height)
    assert columns * small_width <= 8192
    assert -(-count // columns) * small_height <= columns * small_width
    assert small_width <= width
    assert small_height >= 1


def test_large_images_are_averaged_down_without_bleeding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sprite, "MAX_SIDE_PX", 82)
    images = np.zeros((9, 3, 30, 30), np.uint8)
    images[4] = 255
    embedding(np.ones((9, 2)), label_img=images).write(tmp_path)
    (entry,) = decode_config((tmp_path / FILE).read_text())
    assert entry.tile_size == (27, 27)
    with Image.open(tmp_path / entry.sprite_path) as image:
        sheet = np.asarray(image.convert("L"))
    middle = sheet[27:54, 27:54]
    assert middle.min() == 255
    assert int(sheet.sum()) == int(middle.sum())


@pytest.mark.parametrize(
    "tag",
    [
        "default",
        "a/b",
        "a\\b",
        "100%",
        ".",
        "..",
        "../../etc",
        "con:x",
        "x.",
        "ä字",
        "a\0b",
        "t" * 300,
        "",
        "\ud800",
    ],
)
def test_a_tag_is_one_folder(tmp_path: Path, tag: str) -> None:
    logdir = tmp_path / "logs"
    embedding(np.ones((2, 2)), ["a", "b"], global_step=1, tag=tag).write(logdir)
    assert {path.name for path in tmp_path.iterdir()} == {"logs"}
    assert {path.name for path in logdir.iterdir()} == {FILE, "00001"}
    (entry,) = decode_config((logdir / FILE).read_text())
    assert (logdir / entry.tensor_path).is_file()
    assert TensorBoard(logdir).tensor(entry.tensor_name).shape == (2, 2)


def test_tags_are_encoded_as_the_peers_do() -> None:
    from torch.utils.tensorboard import SummaryWriter

    for tag in ("a/b", "100%", "a\\b", "plain name-1.x", "字"):
        assert encode_tag(tag) == SummaryWriter._encode(tag)
    assert len({encode_tag(tag) for tag in ("t" * 300, "t" * 301, "..", "%2e.", "a/b", "a%2fb")}) == 6


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"mat": np.ones(3)}, r"mat has shape \[3\]; wanted N×D"),
        ({"mat": np.ones((2, 3, 4))}, r"mat has shape \[2, 3, 4\]"),
        ({"mat": np.ones((2, 2), complex)}, "mat holds complex128"),
        ({"metadata": ["a"]}, "metadata has 1 labels for 2 rows"),
        ({"metadata": "ab"}, "metadata is a str; wanted a list of 2"),
        ({"metadata": 7}, "metadata is a int"),
        (
            {"metadata": ["a", "b"], "metadata_header": ["x", "y"]},
            r"metadata\[0\] has 1 cells and metadata_header 2",
        ),
        ({"label_img": np.ones((2, 5, 5))}, r"label_img has shape \[2, 5, 5\]; wanted N×C×H×W"),
        ({"label_img": np.ones((2, 2, 5, 5))}, r"label_img has shape \[2, 2, 5, 5\]"),
        ({"label_img": np.ones((3, 1, 5, 5))}, "label_img holds 3 images for 2 rows"),
        ({"global_step": [3, 4]}, "global_step is"),
        ({"global_step": 2**63}, "global_step is 9223372036854775808"),
        ({"tag": 5}, "tag is of type int"),
    ],
)
def test_bad_arguments_are_named_at_once(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        embedding(**{"mat": np.ones((2, 2)), **arguments})


def test_no_rows_and_other_dtypes(tmp_path: Path) -> None:
    embedding(np.ones((0, 5)), global_step=1).write(tmp_path)
    embedding(torch.ones(2, 2, dtype=torch.bfloat16) * 0.5, global_step=2).write(tmp_path)
    board = TensorBoard(tmp_path)
    assert board.tensor("default:00001").shape == (0, 5)
    assert board.tensor("default:00002").tolist() == [[0.5, 0.5]] * 2


def test_the_caller_waits_at_most_20_ms() -> None:
    mat, images, labels = torch.randn(1000, 128), torch.rand(1000, 1, 28, 28), torch.randint(0, 10, (1000,))
    times = []
    for step in range(7):
        start = time.process_time()
        embedding(mat, labels, images, step)
        times.append(time.process_time() - start)
    assert sorted(times)[3] < 0.020
