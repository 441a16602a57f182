"""`make golden`: writes golden/ anew, all of it or the parts that are named.

Run it after a deliberate change of an answer and look at the difference: the tests of both sides compare with
these files.
"""

from __future__ import annotations

import sys

from tests.golden import blobs, graphs, projector, scalars

PARTS = {"blobs": blobs, "graphs": graphs, "projector": projector, "scalars": scalars}


def main(names: list[str]) -> None:
    """Writes the named parts, or all."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        raise SystemExit(f"no golden part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for name in names or PARTS:
        PARTS[name].write()


main(sys.argv[1:])
