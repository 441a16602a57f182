"""ClearML, offline: scalars and plots."""

# ruff: noqa: E402 - a collector is set up before the writer is imported
import json
import os
import sys
from pathlib import Path

root = sys.argv[1]
os.environ.update(CLEARML_OFFLINE_MODE="1", CLEARML_CACHE_DIR=root, HOME=root)

import torch
from clearml import Task

frameworks = {"tensorboard": True, "pytorch": False, "matplotlib": False}
task = Task.init(
    "collected",
    "task",
    auto_connect_frameworks=frameworks,
    auto_resource_monitoring=False,
    auto_connect_streams=False,
)

from torch.utils.tensorboard import SummaryWriter

with SummaryWriter(root + "/log") as writer:
    for step in range(5):
        writer.add_scalar("loss", 1 / (step + 1), step)
    writer.add_histogram("histogram", torch.arange(9.0), 5)
folder = Path(task.get_offline_mode_folder())
task.flush(wait_for_uploads=True)
task.close()
lines = [line for path in folder.rglob("metrics.jsonl") for line in path.read_text().splitlines()]
events = [event for line in lines for event in json.loads(line)]
keys = ("type", "metric", "variant", "iter", "value")
with open(root + "/collected.json", "w") as file:
    json.dump(sorted([str(event.get(key)) for key in keys] for event in events), file)
