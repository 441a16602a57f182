"""What `import tensorboardX` gives under `cupola.compat`."""

from pkgutil import extend_path

from cupola.peers.import_hook import rest_of
from cupola.peers.tensorboardx_writer import VERSION as __version__  # noqa: F401

from .global_writer import GlobalSummaryWriter
from .record_writer import RecordWriter
from .writer import FileWriter, SummaryWriter

__all__ = ["FileWriter", "GlobalSummaryWriter", "RecordWriter", "SummaryWriter"]

__path__ = extend_path(__path__, __name__)  # tensorboardX.proto and the like are the peer's own
__getattr__ = rest_of(__name__)
