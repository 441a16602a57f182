"""`projector_config.pbtxt`: which embeddings a run has and where their files lie.

The file is a `ProjectorConfig` in protobuf's text format. Merging edits the text and touches nothing but the
block that is replaced, so comments, checkpoints and fields unknown to us stay as someone wrote them.

Source: tensorboard/plugins/projector/projector_config.proto (tensorboard 2.21.0),
https://protobuf.dev/reference/protobuf/textformat-spec/
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Final

from cupola.errors import DecodeError
from cupola.plugins.projector import pbtxt

FILE: Final = "projector_config.pbtxt"

_STEP: Final = re.compile(r"(?s)(.*):(?=.{5,}$)(-?[0-9]{1,19})$")
"""`tag:00003`. Writers fill the step to five characters, unlike TensorFlow's output number `:0`."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """One embedding of a run. Paths have `/` and start at the config's directory; empty: there is none."""

    tensor_name: str
    tensor_path: str = ""
    tensor_shape: tuple[int, ...] = ()
    """Rows and columns; empty if the config does not say."""
    metadata_path: str = ""
    bookmarks_path: str = ""
    sprite_path: str = ""
    tile_size: tuple[int, int] | None = None
    """Width and height in pixels of one image on the sprite."""

    @property
    def tag(self) -> str:
        """The tensor's name without its step."""
        match = _STEP.match(self.tensor_name)
        return match[1] if match else self.tensor_name

    @property
    def step(self) -> int | None:
        """The step that the tensor's name ends with; None if it has none."""
        match = _STEP.match(self.tensor_name)
        return int(match[2]) if match else None

    @property
    def key(self) -> tuple[str, str]:
        """What makes two entries the same one: name and folder (the tensor may change its format)."""
        return self.tensor_name, posixpath.dirname(self.tensor_path)


def decode_config(text: str) -> list[Embedding]:
    """The embeddings that a config lists, in its order; of equal (name, folder) the last, in its place.

    An entry without a name takes its file's, as TensorBoard does.

    Raises:
        DecodeError: the text is not a message in protobuf's text format.
    """
    found: dict[tuple[str, str], Embedding] = {}
    for field in pbtxt.parse(text):
        for item in field.values if field.name == "embeddings" else ():
            if isinstance(item, list):
                embedding = _decode_embedding(item)
                found.pop(embedding.key, None)
                found[embedding.key] = embedding
    return list(found.values())


def encode_embedding(embedding: Embedding) -> str:
    """The config's block for one embedding."""
    lines = [("tensor_name", pbtxt.quote(embedding.tensor_name))]
    lines += [("tensor_shape", str(size)) for size in embedding.tensor_shape]
    if embedding.metadata_path:
        lines.append(("metadata_path", pbtxt.quote(embedding.metadata_path)))
    if embedding.bookmarks_path:
        lines.append(("bookmarks_path", pbtxt.quote(embedding.bookmarks_path)))
    lines.append(("tensor_path", pbtxt.quote(embedding.tensor_path)))
    text = "".join(f"  {name}: {value}\n" for name, value in lines)
    if embedding.sprite_path:
        text += f"  sprite {{\n    image_path: {pbtxt.quote(embedding.sprite_path)}\n"
        text += "".join(f"    single_image_dim: {size}\n" for size in embedding.tile_size or ())
        text += "  }\n"
    return f"embeddings {{\n{text}}}\n"


def merge(text: str, embedding: Embedding) -> str:
    """The config's text with one embedding at its end, in place of an entry of the same name and folder.

    Raises:
        DecodeError: the text is not a message in protobuf's text format, so nothing can be replaced in it.
    """
    kept, position = [], 0
    for field in pbtxt.parse(text):
        same = field.name == "embeddings" and any(
            isinstance(item, list) and _decode_embedding(item).key == embedding.key for item in field.values
        )
        if same and len(field.values) == 1:
            kept.append(text[position : field.start].rstrip(" \t"))
            position = field.end
            if text[position : position + 1] == "\n":
                position += 1
    rest = "".join(kept) + text[position:]
    return rest + ("\n" if rest and not rest.endswith("\n") else "") + encode_embedding(embedding)


def _decode_embedding(message: pbtxt.Message) -> Embedding:
    sprite = next((item for item in _messages(message, "sprite")), [])
    size = _integers(sprite, "single_image_dim")
    path = _string(message, "tensor_path")
    return Embedding(
        tensor_name=_string(message, "tensor_name") or posixpath.basename(path),
        tensor_path=path,
        tensor_shape=tuple(_integers(message, "tensor_shape")),
        metadata_path=_string(message, "metadata_path"),
        bookmarks_path=_string(message, "bookmarks_path"),
        sprite_path=_string(sprite, "image_path"),
        tile_size=(size[0], size[1]) if len(size) == 2 and min(size) > 0 else None,
    )


def _messages(message: pbtxt.Message, name: str) -> list[pbtxt.Message]:
    return [
        item for field in message if field.name == name for item in field.values if isinstance(item, list)
    ]


def _string(message: pbtxt.Message, name: str) -> str:
    words = [item for field in message if field.name == name for item in field.values]
    word = words[-1] if words else ""
    return pbtxt.unquote(word) if isinstance(word, str) and word[:1] in ("'", '"') else ""


def _integers(message: pbtxt.Message, name: str) -> list[int]:
    numbers = []
    for field in message:
        for item in field.values if field.name == name else ():
            if not isinstance(item, str) or not re.fullmatch(r"(0[xX][0-9a-fA-F]{1,16}|[0-9]{1,19})", item):
                raise DecodeError(f"{name} is {str(item)[:40]!r}; wanted a whole number of at least 0").coded(
                    "config_number", name=name, seen=str(item)[:40]
                )
            numbers.append(int(item, 16) if item[:2] in ("0x", "0X") else int(item))
    return numbers
