"""`cupola projector FILE`: the matrices of a file as clouds of points, without a log directory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cupola.cli import UsageError, printable, warn

if TYPE_CHECKING:
    from cupola.plugins.projector.matrices.opened import OpenedFile


def projector(arguments: Sequence[str]) -> int:
    """Serves a matrix file until Ctrl-C. Returns the exit status."""
    from cupola.cli.options import projector_parser
    from cupola.cli.serve import run_server
    from cupola.cli.sockets import open_socket

    options = projector_parser().parse(arguments)
    if options.certfile or options.keyfile:
        from cupola.cli.tls import check_certificate

        check_certificate(options.certfile, options.keyfile)
    from cupola.plugins.projector.matrices.provider import MatrixProvider

    path = _path(options.file)
    file = open_file(path, options.metadata, options.images)
    host, sock = open_socket(options)
    if not options.quiet:
        for line in file.contents.left_out:
            warn(f"left out: {printable(line)}")
    provider = MatrixProvider(file, str(path))
    return run_server(lambda: provider, printable(str(path)), sock, host, options)


def open_file(path: Path, metadata: str | None, images: str | None) -> OpenedFile:
    """The file with what describes its points.

    Raises:
        UsageError: one of them is not there, or holds nothing that can be shown.
    """
    from cupola.errors import DecodeError
    from cupola.plugins.projector.matrices.describe import metadata_of_file
    from cupola.plugins.projector.matrices.opened import OpenedFile
    from cupola.plugins.projector.matrices.pictures import pictures_in

    described = _path(metadata) if metadata else None
    folder = _path(images) if images else None
    for each, wanted in ((path, "a file with a matrix"), (described, "a file with a line for each point")):
        if each is not None and not each.is_file():
            seen = "is a directory" if each.is_dir() else "does not exist"
            hint = "; `cupola DIR` shows a log directory" if each.is_dir() and each == path else ""
            raise UsageError(f"{each} {seen}; wanted {wanted}{hint}")
    if folder is not None and not folder.is_dir():
        raise UsageError(f"{folder} is no directory; wanted one that holds an image for each point")
    try:
        pictures = pictures_in(folder) if folder else None
        file = OpenedFile(path.name, path.name, lambda: path.open("rb"), described, pictures)
        matrices = file.contents.matrices
        if not matrices:
            columns = ", ".join(list(file.contents.columns)[:5])
            others = "".join(f"; {line}" for line in file.contents.left_out[:5])
            raise UsageError(
                f"{path.name} holds no matrix, only columns of one value a row ({columns}){others}; wanted "
                "N×D numbers, a row for each point"
            )
        if described is not None:
            count = next(iter(matrices.values())).shape[0]
            rows = metadata_of_file(described, count).rows
            if rows != count:
                warn(
                    f"{described.name} has {rows:,} rows for {count:,} points: what is missing is empty, "
                    "what is too much left out"
                )
    except DecodeError as error:
        raise UsageError(printable(str(error))) from None
    return file


def _path(word: str) -> Path:
    try:
        return Path(word).expanduser().absolute()
    except RuntimeError:
        raise UsageError(f"{word}: there is no such home directory; wanted a path without `~`") from None
