"""The projector's config: protobuf's own text format is the oracle; both peers' files are read."""

from __future__ import annotations

import multiprocessing
import threading
import time
from pathlib import Path

import pytest
from google.protobuf import text_format
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from cupola.errors import DecodeError
from cupola.plugins.projector import files
from cupola.plugins.projector.config import FILE, Embedding, decode_config, encode_embedding, merge
from cupola.plugins.projector.files import add_to_config

texts = st.text(st.characters(codec="utf-8"), max_size=20)
embeddings = st.builds(
    Embedding,
    tensor_name=texts.filter(bool),
    tensor_path=texts,
    tensor_shape=st.tuples() | st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
    metadata_path=texts,
    bookmarks_path=texts,
)


def message(embedding: Embedding) -> ProjectorConfig:
    config = ProjectorConfig()
    info = config.embeddings.add()
    info.tensor_name = embedding.tensor_name
    info.tensor_path = embedding.tensor_path
    info.tensor_shape.extend(embedding.tensor_shape)
    info.metadata_path = embedding.metadata_path
    info.bookmarks_path = embedding.bookmarks_path
    if embedding.sprite_path:
        info.sprite.image_path = embedding.sprite_path
        info.sprite.single_image_dim.extend(embedding.tile_size or ())
    return config


@settings(max_examples=150, deadline=None)
@given(embeddings)
def test_protobuf_reads_what_we_write_and_we_read_what_protobuf_writes(embedding: Embedding) -> None:
    wanted = message(embedding)
    assert text_format.Parse(encode_embedding(embedding), ProjectorConfig()) == wanted
    for as_utf8 in (True, False):
        assert decode_config(text_format.MessageToString(wanted, as_utf8=as_utf8)) == [embedding]
    assert decode_config(text_format.MessageToString(wanted, as_one_line=True, pointy_brackets=True)) == [
        embedding
    ]


def test_forms_of_the_text_format() -> None:
    text = """# a comment with { and "
    model_checkpoint_path: '/elsewhere/model.ckpt-1',   # ends with a comma
    embeddings: <
      tensor_name: "word" '/' "s:00003" ; tensor_shape: [0x10, 4]
      unknown { deep: [ { x: -1.5e-3 }, { x: inf } ] }
      sprite { image_path: "sprite\\303\\244\\u00e4.png" single_image_dim: [28, 14] }
    >
    embeddings [{ tensor_path: "a/tensors.tsv" }, { tensor_name: "b" }]"""
    assert decode_config(text) == [
        Embedding("word/s:00003", tensor_shape=(16, 4), sprite_path="spriteää.png", tile_size=(28, 14)),
        Embedding("tensors.tsv", "a/tensors.tsv"),
        Embedding("b"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "embeddings {",
        "}",
        "embeddings",
        'embeddings { tensor_name: "a }',
        "embeddings { tensor_shape: -1 }",
        "embeddings { tensor_shape: 2.5 }",
        "a: [1, 2",
        "a: \x00",
        "a: {" * 101,
        "a: 1 : 2",
    ],
)
def test_what_is_no_config_is_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        decode_config(text)


def test_hostile_text_costs_linear_time() -> None:
    start = time.perf_counter()
    for text in (
        " " * 100_000 + "\0",
        "# # " * 50_000 + "\n\0",
        "a" * 200_000,
        '"' * 100_000,
        "a{" * 100_000,
    ):
        with pytest.raises(DecodeError):
            decode_config(text)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("name", "tag", "step"),
    [
        ("default:00003", "default", 3),
        ("a:b:123456", "a:b", 123456),
        ("x:-0001", "x", -1),
        ("layer/weights:0", "layer/weights:0", None),
        ("words", "words", None),
        (":00000", "", 0),
    ],
)
def test_tag_and_step(name: str, tag: str, step: int | None) -> None:
    assert (Embedding(name).tag, Embedding(name).step) == (tag, step)


def test_merge_keeps_all_else_and_replaces_the_same() -> None:
    old = """# mine
model_checkpoint_path: "x"
embeddings {  # first
  tensor_name: "a:00001"
  tensor_path: "00001/a/tensors.tsv"
}
embeddings { tensor_name: "b:00001" tensor_path: "00001/b/tensors.tsv" } future_field: 7
"""
    text = merge(old, Embedding("a:00001", "00001/a/tensors.bytes", (2, 3)))
    assert "# mine" in text
    assert 'model_checkpoint_path: "x"' in text
    assert "future_field: 7" in text
    assert [item.tensor_path for item in decode_config(text)] == [
        "00001/b/tensors.tsv",
        "00001/a/tensors.bytes",
    ]
    assert merge(text, Embedding("a:00001", "00001/a/tensors.bytes", (2, 3))) == text


def test_a_config_that_cannot_be_parsed_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("embeddings { oh no")
    with pytest.warns(RuntimeWarning, match="could not be parsed"):
        add_to_config(tmp_path, Embedding("a:00001", "00001/a/tensors.tsv"))
    assert [item.tensor_name for item in decode_config((tmp_path / FILE).read_text())] == ["a:00001"]
    aside = [path for path in tmp_path.iterdir() if path.name != FILE]
    assert [path.read_text() for path in aside] == ["embeddings { oh no"]


def add_many(logdir: Path, who: str, count: int) -> None:
    for step in range(count):
        add_to_config(logdir, Embedding(f"{who}:{step:05d}", f"{step:05d}/{who}/tensors.bytes", (1, 1)))


def names(logdir: Path) -> list[str]:
    return sorted(item.tensor_name for item in decode_config((logdir / FILE).read_text()))


def test_threads_and_processes_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=add_many, args=(tmp_path, f"p{who}", 12)) for who in range(3)]
    for worker in workers:
        worker.start()
    threads = [threading.Thread(target=add_many, args=(tmp_path, f"t{who}", 12)) for who in range(3)]
    for thread in threads:
        thread.start()
    for worker in workers:
        worker.join(30)
    for thread in threads:
        thread.join(30)
    assert names(tmp_path) == sorted(
        f"{kind}{who}:{step:05d}" for kind in "pt" for who in range(3) for step in range(12)
    )
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_the_lock_file_where_directories_cannot_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", refuse)
    threads = [threading.Thread(target=add_many, args=(tmp_path, f"t{who}", 8)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(names(tmp_path)) == 32
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_lock_that_is_never_released_only_costs_a_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LOCK_WAIT_S", 0.2)
    with files.locked(tmp_path):
        add_to_config(tmp_path, Embedding("a", "a.tsv"))
    assert names(tmp_path) == ["a"]
