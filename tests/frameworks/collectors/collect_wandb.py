"""Weights & Biases, offline, with sync_tensorboard: the scalars of its history."""

# ruff: noqa: E402 - a collector is set up before the writer is imported
import os
import sys

root = sys.argv[1]
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=root)

import wandb

settings = wandb.Settings(console="off", x_disable_stats=True, x_disable_meta=True)
run = wandb.init(project="collected", sync_tensorboard=True, settings=settings)

from torch.utils.tensorboard import SummaryWriter

with SummaryWriter(root + "/log") as writer:
    for step in range(5):
        writer.add_scalar("loss", 1 / (step + 1), step)
run.finish()
