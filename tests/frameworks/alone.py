"""An environment with everything of this one but the peers: what somebody has who installed cupola alone."""

from __future__ import annotations

import sysconfig
import venv
from pathlib import Path

PEERS = ("tensorboard", "tensorboardx")


def environment_without_peers(folder: Path) -> Path:
    """Makes one in `folder`, by links, in well under a second; returns its Python."""
    venv.create(folder, with_pip=False, symlinks=True)
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)}, scheme="venv")
    for installed in Path(sysconfig.get_path("purelib")).iterdir():
        if not installed.name.lower().startswith(PEERS):
            (Path(paths["purelib"]) / installed.name).symlink_to(installed)
    return Path(paths["scripts"]) / "python"
