"""`tensorboardX.writer` under `cupola.compat`."""

from cupola.peers.import_hook import rest_of
from cupola.peers.tensorboardx_writer import (
    TensorboardXEventFileWriter,
    TensorboardXFileWriter,
    TensorboardXWriter,
)

EventFileWriter = TensorboardXEventFileWriter
FileWriter = TensorboardXFileWriter
SummaryWriter = TensorboardXWriter

__getattr__ = rest_of(__name__)
