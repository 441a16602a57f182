"""`.npy`, mapped, and `.npz`. Nothing is ever unpickled.

Source: numpy.lib.format (version 1.0 and 2.0 of the format)
"""

from __future__ import annotations

import io
import math
import mmap
import zipfile
import zlib
from pathlib import PurePath
from typing import IO, Any, Final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from cupola.errors import DecodeError
from cupola.plugins.projector.matrices.contents import Contents

MOST_BYTES: Final = 64 << 30
"""Of one array in an archive: a small file may claim to unfold to more than any memory."""


def read_npy(mapped: mmap.mmap, name: str) -> Contents:
    """The array of a `.npy` file. Its memory is the file's."""
    head = io.BytesIO(mapped[: 1 << 20])
    shape, fortran, dtype = _header(head, name)
    start, nbytes = head.tell(), math.prod(shape) * dtype.itemsize
    if dtype.hasobject:
        raise _pickled(name)
    if len(mapped) - start < nbytes:
        raise DecodeError(
            f"{name} ends after {len(mapped) - start} bytes of data; wanted {nbytes} for {list(shape)} "
            f"{dtype}: it was cut short, or is still being written"
        )
    flat = np.frombuffer(mapped, dtype, math.prod(shape), start)
    contents = Contents()
    contents.add(PurePath(name).stem, flat.reshape(shape, order="F" if fortran else "C"))
    return contents


def read_npz(mapped: mmap.mmap, name: str) -> Contents:
    """The arrays of a `.npz` file. Those of one value a row describe the rows of the others."""
    contents = Contents()
    try:
        with zipfile.ZipFile(_File(mapped)) as archive:
            members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
            if not members:
                raise DecodeError(
                    f"{name} is an archive without a NumPy array; wanted what `numpy.savez` writes (a "
                    "checkpoint of torch is a pickle and is not opened: save its tensors as safetensors)"
                )
            for info in members:
                _read_member(archive, info, contents)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DecodeError(
            f"{name} is a damaged archive ({error}); was it cut short, or still being written?"
        ) from None
    return contents


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, contents: Contents) -> None:
    name = info.filename.removesuffix(".npy")
    with archive.open(info) as file:
        shape, fortran, dtype = _header(file, name)
        nbytes = math.prod(shape) * dtype.itemsize
        if dtype.hasobject:
            contents.left_out.append(str(_pickled(name)))
            return
        if nbytes > min(MOST_BYTES, info.file_size):
            raise DecodeError(f"{name} claims {nbytes} bytes and its member has {info.file_size}")
        data = bytearray(nbytes)
        view = memoryview(data)
        while view and (count := file.readinto(view)):  # type: ignore[attr-defined]
            view = view[count:]
        if view:
            raise DecodeError(f"{name} ends {len(view)} bytes early")
    array: NDArray[Any] = np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")
    contents.add(name, array)


def _header(file: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = npy.read_magic(file)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
        if read is None:
            raise ValueError(f"version {version[0]}.{version[1]} of the format, which is for records")
        shape, fortran, dtype = read(file)
    except (ValueError, TypeError, SyntaxError, EOFError) as error:
        raise DecodeError(f"{name} is no array of NumPy that can be read: {error}") from None
    if math.prod(shape) * dtype.itemsize >= 1 << 62 or any(side < 0 for side in shape):
        raise DecodeError(f"{name} claims shape {list(shape)}, more than any file holds")
    return shape, fortran, dtype


def _pickled(name: str) -> DecodeError:
    return DecodeError(
        f"{name} holds Python objects, which are pickled, and a pickle can run any program: it is not "
        "opened; save numbers (`array.astype('float32')`) or texts (`array.astype('U')`)"
    )


class _File(io.RawIOBase):
    """A mapped file for `zipfile`, with a place of its own: one map may be read twice."""

    def __init__(self, mapped: mmap.mmap) -> None:
        self._mapped, self._at = mapped, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, len(self._mapped))[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = self._mapped[self._at : self._at + len(buffer)]
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
