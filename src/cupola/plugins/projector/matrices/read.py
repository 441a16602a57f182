"""A matrix file of any kind, told by its first bytes and then by its name."""

from __future__ import annotations

import mmap
import os
from pathlib import PurePath
from typing import IO, Final

from cupola.errors import DecodeError
from cupola.plugins.projector.matrices.arrow_files import read_arrow
from cupola.plugins.projector.matrices.contents import Contents
from cupola.plugins.projector.matrices.numpy_files import read_npy, read_npz
from cupola.plugins.projector.matrices.safetensors_file import looks_like, read_safetensors
from cupola.plugins.projector.matrices.text_tables import read_text

SUFFIXES: Final = (".npy", ".npz", ".parquet", ".arrow", ".feather", ".safetensors", ".tsv", ".csv")
"""What files of these kinds are called."""

_OTHERS: Final = {
    b"\x80": "a pickle, which can run any program, and is not opened; save the array by numpy.save",
    b"\x89HDF\r\n": "HDF5; save its array by numpy.save",
    b"\x1f\x8b": "compressed by gzip; unpack it first",
    b"\x28\xb5\x2f\xfd": "compressed by zstd; unpack it first",
    b"\x89PNG": "an image; `--images` takes a folder of them",
}


def read_contents(file: IO[bytes], name: str) -> Contents:
    """What a file holds. It is mapped, and its matrices' memory is the file's where it holds float32.

    Args:
        file: a regular file, which may be closed afterwards.
        name: for messages, and where the first bytes do not tell the kind.

    Raises:
        DecodeError: it holds nothing that can be shown. The message says what it is and what to do.
    """
    if os.fstat(file.fileno()).st_size == 0:
        raise DecodeError(f"{name} is empty; is it still being written?")
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    head, suffix = mapped[:16], PurePath(name).suffix.lower()
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise DecodeError(f"{name} is {what}")
    if head.startswith(b"\x93NUMPY"):
        contents = read_npy(mapped, name)
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        contents = read_npz(mapped, name)
    elif head.startswith((b"PAR1", b"ARROW1", b"FEA1")) or suffix in (".arrow", ".feather", ".parquet"):
        contents = read_arrow(mapped, name)
    elif suffix == ".safetensors" or looks_like(head):
        contents = read_safetensors(mapped, name)
    else:
        contents = read_text(mapped, name)
    if not contents.matrices and not contents.columns:
        raise DecodeError(
            f"{name} holds no matrix: {'; '.join(contents.left_out[:5]) or 'it has no array at all'}"
        )
    return contents
