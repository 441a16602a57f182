"""How `cupola.compat` reaches the processes that a program starts.

`PYTHONPATH` names a folder with a `sitecustomize`, which every Python runs when it starts: children of
multiprocessing (spawn and forkserver too), torchrun, accelerate, joblib and Ray inherit it, and whatever else
is started with this process's environment.
"""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = str(Path(__file__).parent / "stand_ins" / "children")


def reach() -> None:
    """From now on what this process starts installs the import hook too."""
    entries = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    if _FOLDER not in entries:
        os.environ["PYTHONPATH"] = os.pathsep.join([_FOLDER, *entries])
