"""For code that cannot be edited: makes `torch.utils.tensorboard` and `tensorboardX` mean cupola.

    import cupola.compat            # before the code that logs is imported
    python -m cupola.compat train.py --its --arguments
    python -m cupola.compat --help

From then on `from torch.utils.tensorboard import SummaryWriter` and `from tensorboardX import SummaryWriter`
give cupola's, also when neither is installed. Modules and names that cupola has no replacement of
(`tensorboardX.proto`, say) are still the peer's own if it is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cupola.peers.import_hook import install as install

if TYPE_CHECKING:
    from cupola.peers.tensorboardx_writer import TensorboardXWriter as TensorboardXWriter

install()


def __getattr__(name: str) -> Any:
    if name != "TensorboardXWriter":
        raise AttributeError(f"module 'cupola.compat' has no attribute {name!r}")
    from cupola.peers.tensorboardx_writer import TensorboardXWriter

    return TensorboardXWriter


if __name__ == "__main__":
    from cupola.peers.launch import main

    main()
