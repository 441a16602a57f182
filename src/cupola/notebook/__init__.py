"""cupola in notebooks: `%load_ext cupola`, then `%cupola --logdir logs`.

Nothing here is imported by `import cupola`, and IPython only where it runs already.

Source: docs/design/0007-notebooks.md
"""

from __future__ import annotations

from typing import Any


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext cupola`: brings `%cupola`.

    Args:
        ipython: the `IPython.InteractiveShell`.
    """
    from cupola.notebook.magic import run

    ipython.register_magic_function(run, magic_kind="line", magic_name="cupola")
