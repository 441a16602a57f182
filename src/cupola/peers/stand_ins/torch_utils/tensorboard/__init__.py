"""What `import torch.utils.tensorboard` gives under `cupola.compat`."""

from pkgutil import extend_path

from cupola.peers.import_hook import rest_of
from cupola.peers.record_writer import RecordWriter

from .writer import FileWriter, SummaryWriter

__all__ = ["FileWriter", "RecordWriter", "SummaryWriter"]

__path__ = extend_path(__path__, __name__)  # _pytorch_graph and the like are the peer's own
__getattr__ = rest_of(__name__)
