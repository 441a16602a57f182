"""`tensorboardX.event_file_writer` under `cupola.compat`."""

from cupola.peers.event_file_writer import EventFileWriter as EventFileWriter
from cupola.peers.import_hook import rest_of

__getattr__ = rest_of(__name__)
