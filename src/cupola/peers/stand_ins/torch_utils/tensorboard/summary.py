"""`torch.utils.tensorboard.summary` under `cupola.compat`."""

from cupola.peers.import_hook import rest_of
from cupola.peers.summary import *  # noqa: F403
from cupola.peers.summary import _calc_scale_factor as _calc_scale_factor

__getattr__ = rest_of(__name__)
