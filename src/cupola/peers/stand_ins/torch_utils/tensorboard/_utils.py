"""`torch.utils.tensorboard._utils` under `cupola.compat`."""

from cupola.peers.import_hook import rest_of
from cupola.peers.utils import *  # noqa: F403

__getattr__ = rest_of(__name__)
