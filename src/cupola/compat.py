"""For code that cannot be edited: makes `torch.utils.tensorboard` and `tensorboardX` mean cupola.

    import cupola.compat            # before the code that logs is imported
    python -m cupola.compat train.py --its --arguments

From then on `from torch.utils.tensorboard import SummaryWriter` and `from tensorboardX import SummaryWriter`
give cupola's, also when neither is installed. Modules and names that cupola has no replacement of
(`tensorboardX.proto`, say) are still the peer's own if it is installed.
"""

from cupola.peers.import_hook import TensorboardXWriter as TensorboardXWriter
from cupola.peers.import_hook import install, main

install()

if __name__ == "__main__":
    main()
