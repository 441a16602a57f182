"""`add_embedding`: vectors, labels and images to the files that projectors open.

Below the log directory stand `<step, five digits>/<tag>/` with the tensor, `metadata.tsv` and `sprite.png`,
and `projector_config.pbtxt` lists them: the layout of torch and tensorboardX, so TensorBoard opens it too.

The tensor is `tensors.bytes` (raw little-endian float32: exact, and far smaller and faster than text) unless
TensorBoard would take these bytes for text; then it is `tensors.tsv`.

Source: torch/utils/tensorboard/_embedding.py (torch 2.13.0), tensorboardX/embedding.py (2.6.5),
tensorboard/plugins/projector/projector_plugin.py (tensorboard 2.21.0)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongType, WrongValue
from cupola.plugins.projector.config import FILE, Embedding
from cupola.plugins.projector.files import add_to_config, write_whole
from cupola.plugins.projector.labels import lines
from cupola.plugins.projector.sprite import encode_sprite
from cupola.values.arguments import as_step, check_tag, plain_text
from cupola.values.arrays import Snapshot, snapshot
from cupola.values.deferred import DeferredFiles
from cupola.values.foreign import as_items
from cupola.values.pictures import are_pictures, batch


def embedding(
    mat: Any,
    metadata: Any = None,
    label_img: Any = None,
    global_step: Any = None,
    tag: str = "default",
    metadata_header: Sequence[str] | None = None,
) -> DeferredFiles:
    """An embedding: checked and copied now, written below a log directory later.

    Args:
        mat: N×D numbers, a row for each point; stored as float32.
        metadata: N labels, or N rows of `len(metadata_header)` cells: a list, a tensor, a table. Numbers in
            tensors count as numbers (`5`, not `tensor(5)`); tabs and line ends become spaces.
        label_img: N×C×H×W images, C = 1, 3 or 4, with pixels as in `add_image`: bytes, or from 0 to 1; or a
            list of Pillow images.
        global_step: a whole number, or a name; None is 0.
        tag: the embedding's name.
        metadata_header: names of metadata columns; None takes a table's own. A single name is left out: a
            file of one column has no header.

    Raises:
        WrongType, WrongValue: an argument is not what it should be; nothing is written.
    """
    tag = check_tag(tag)
    step = _step_name(global_step)
    matrix = snapshot(mat, "mat")
    if matrix.ndim != 2 or matrix.shape[1] == 0:
        raise WrongValue(
            f"mat has shape {list(matrix.shape)}; wanted N×D, a row of D ≥ 1 numbers for each point "
            "(flatten each point's features, for example with mat.reshape(len(mat), -1))"
        )
    if matrix.dtype.kind == "c":
        raise WrongType(f"mat holds {matrix.dtype}; wanted real numbers")
    count = matrix.shape[0]
    labels = None if metadata is None else tuple(lines(metadata, metadata_header, count))
    images = None if label_img is None else _images(label_img, count)
    nbytes = matrix.nbytes + sum(map(len, labels or ())) + (images.nbytes if images else 0)
    files = _EmbeddingFiles(tag, step, matrix, labels, images)
    return DeferredFiles(f"embedding {tag!r}", nbytes, files.write, updates=(FILE,))


@dataclass(frozen=True)
class _EmbeddingFiles:
    """A checked embedding."""

    tag: str
    step: str
    matrix: Snapshot
    lines: tuple[str, ...] | None
    images: Snapshot | None

    def write(self, logdir: Path) -> None:
        """Writes the files, each in one step, and the config last, so that nobody finds half an embedding.

        Raises:
            OSError: the directory cannot be written.
        """
        folder = f"{encode_tag(self.step)}/{encode_tag(self.tag)}"
        directory = logdir / folder
        directory.mkdir(parents=True, exist_ok=True)
        with np.errstate(over="ignore"):  # beyond float32's range is infinite
            matrix = np.ascontiguousarray(self.matrix.array(), "<f4")
        data = matrix.tobytes()
        name, other = "tensors.bytes", "tensors.tsv"
        if looks_like_text(data):
            name, other, data = other, name, encode_tsv(matrix)
        write_whole(directory / name, data)
        if self.lines is not None:
            text = "".join(f"{line}\n" for line in self.lines)
            write_whole(directory / "metadata.tsv", text.encode("utf-8", "replace"))
        size = None
        if self.images is not None and self.images.shape[0]:
            sprite, size = encode_sprite(self.images.array())
            write_whole(directory / "sprite.png", sprite)
        entry = Embedding(
            tensor_name=f"{self.tag}:{self.step}",
            tensor_path=f"{folder}/{name}",
            tensor_shape=self.matrix.shape,
            metadata_path="" if self.lines is None else f"{folder}/metadata.tsv",
            sprite_path="" if size is None else f"{folder}/sprite.png",
            tile_size=size,
        )
        add_to_config(logdir, entry)
        (directory / other).unlink(missing_ok=True)  # an earlier tensor of this step in the other format


def _step_name(global_step: Any) -> str:
    """A step as folder and tensor name have it: five digits, or what the program calls it (`last`), filled up
    by the same rule.
    """
    if isinstance(global_step, str) and not re.fullmatch(r"\s*[-+]?[0-9_]+\s*", global_step):
        return plain_text(global_step).zfill(5)
    return f"{as_step(global_step):05d}"


def encode_tag(tag: str) -> str:
    """The folder of a tag: a single path component on every system.

    `%`, `/` and `\\` are percent-encoded in lower case as both peers do; so are control characters and what
    Windows forbids, dots at the end too. A name too long for a file system keeps its start and gets a hash.
    """
    name = re.sub(r'[%/\\:*?"<>|\x00-\x1f\x7f]', lambda match: f"%{ord(match[0]):02x}", tag)
    if name.strip(". ") == "" or name[-1] in ". ":
        name = re.sub(r"[. ]+$", lambda match: "".join(f"%{ord(item):02x}" for item in match[0]), name)
    encoded = name.encode("utf-8", "replace")
    if len(encoded) > 200:
        import hashlib

        name = encoded[:180].decode("utf-8", "ignore") + "~" + hashlib.sha256(encoded).hexdigest()[:16]
    return name.encode("utf-8", "replace").decode()


def looks_like_text(data: bytes) -> bool:
    """Whether TensorBoard might take raw float32 for a TSV file.

    It reads every tensor as UTF-8 text and turns to raw bytes only when decoding fails, which must happen
    before the first line ends: a line that decodes is parsed, and then fails for good.
    """
    head = re.split(rb"[\r\n]", data[:8192], maxsplit=1)[0]
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def encode_tsv(matrix: NDArray[np.float32]) -> bytes:
    """The matrix as text, a row a line. Nine digits give every float32 back exactly."""
    row = "\t".join(["%.9g"] * matrix.shape[1]) + "\n"
    return "".join(row % tuple(values) for values in matrix.tolist()).encode()


def _images(label_img: Any, count: int) -> Snapshot:
    items = as_items(label_img)
    listed = label_img if items is None else items
    if are_pictures(listed):
        listed = np.moveaxis(batch(listed, "label_img"), 3, 1)
    images = snapshot(listed, "label_img", masked=0)
    shape = images.shape
    if len(shape) != 4 or shape[1] not in (1, 3, 4) or 0 in shape[2:]:
        raise WrongValue(
            f"label_img has shape {list(shape)}; wanted N×C×H×W with C = 1, 3 or 4 "
            "(a batch of grey H×W images becomes one by label_img[:, None])"
        )
    if shape[0] != count:
        raise WrongValue(f"label_img holds {shape[0]} images for {count} rows of mat; wanted one for each")
    if images.dtype.kind == "c":
        raise WrongType(f"label_img holds {images.dtype}; wanted bytes, or real numbers from 0 to 1")
    return images
