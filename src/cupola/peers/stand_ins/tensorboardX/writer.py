"""`tensorboardX.writer` under `cupola.compat`."""

from cupola.peers.event_file_writer import EventFileWriter as EventFileWriter
from cupola.peers.file_writer import FileWriter as FileWriter
from cupola.peers.import_hook import rest_of
from cupola.peers.tensorboardx_writer import TensorboardXWriter

SummaryWriter = TensorboardXWriter
__getattr__ = rest_of(__name__)
