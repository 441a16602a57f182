"""`tensorboardX.record_writer` under `cupola.compat`."""

from cupola.peers.import_hook import rest_of
from cupola.peers.record_writer import RecordWriter as RecordWriter

__getattr__ = rest_of(__name__)
