"""`tensorboardX.global_writer` under `cupola.compat`."""

from cupola.peers.global_writer import GlobalSummaryWriter as GlobalSummaryWriter
from cupola.peers.import_hook import rest_of

__getattr__ = rest_of(__name__)
