"""Ten lines: a curve that falls. Then `cupola --logdir logs`."""

import math

from cupola import SummaryWriter

with SummaryWriter(log_dir="logs/quickstart") as writer:
    for step in range(1000):
        writer.add_scalar("train/loss", math.exp(-step / 300), step)
