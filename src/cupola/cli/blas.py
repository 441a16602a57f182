"""How many threads the server's linear algebra has."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Final

_VARIABLES: Final = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def use_one_blas_thread(environment: MutableMapping[str, str] | None = None) -> None:
    """Gives BLAS one thread, unless the environment says how many. To be called before NumPy is imported.

    The server computes on several cores by threads of its own (`cupola.plugins.projector.parallel`). Those of
    BLAS wait for each other by spinning, which beside a training costs both.
    """
    environment = os.environ if environment is None else environment
    for name in _VARIABLES:
        environment.setdefault(name, "1")
