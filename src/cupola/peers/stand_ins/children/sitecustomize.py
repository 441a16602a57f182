"""What every Python that inherits `cupola.compat` runs first: the environment's own sitecustomize, then the
import hook. Nothing here may end or slow a process that has nothing to do with logging.
"""

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

_folder = str(Path(__file__).parent)
sys.path[:] = [entry for entry in sys.path if entry != _folder]

try:
    _own = PathFinder.find_spec("sitecustomize")
    if _own is not None and _own.loader is not None:
        _module = module_from_spec(_own)
        sys.modules["sitecustomize"] = _module
        _own.loader.exec_module(_module)
finally:
    # Another environment's Python may have no cupola, or none that it can load: it keeps its own writer.
    if PathFinder.find_spec("cupola") is not None:
        import cupola

        if PathFinder.find_spec("cupola._codec", cupola.__path__) is not None:
            from cupola.peers.import_hook import install

            install()
