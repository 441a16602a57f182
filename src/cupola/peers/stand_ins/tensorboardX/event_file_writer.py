"""`tensorboardX.event_file_writer` under `cupola.compat`."""

from cupola.peers.import_hook import rest_of
from cupola.peers.tensorboardx_writer import TensorboardXEventFileWriter

EventFileWriter = TensorboardXEventFileWriter

__getattr__ = rest_of(__name__)
