"""The peers' module of the same name: functions that give a `Summary` for
`writer.file_writer.add_summary(...)`; see `cupola.peers.summary`.
"""

from cupola.peers.summary import *  # noqa: F403
from cupola.peers.summary import __all__ as __all__
from cupola.peers.summary import _calc_scale_factor as _calc_scale_factor
