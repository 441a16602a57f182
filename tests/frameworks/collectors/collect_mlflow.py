"""MLflow with autologging: metrics and parameters."""

# ruff: noqa: E402 - a collector is set up before the writer is imported
import json
import os
import sys

root = sys.argv[1]
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

import mlflow
import mlflow.pytorch
from mlflow.utils.autologging_utils.metrics_queue import flush_metrics_queue

mlflow.set_tracking_uri(f"file://{root}/store")
mlflow.pytorch.autolog(log_every_n_step=1)

from torch.utils.tensorboard import SummaryWriter

with mlflow.start_run() as run, SummaryWriter(root + "/log") as writer:
    for step in range(5):
        writer.add_scalar("loss", 1 / (step + 1), step)
    writer.add_text("text", "words", 5)
    writer.add_hparams({"lr": 0.1}, {"metric": 2.0})
flush_metrics_queue()
client = mlflow.MlflowClient()
data = client.get_run(run.info.run_id).data
history = {name: client.get_metric_history(run.info.run_id, name) for name in data.metrics}
points = {name: [[point.step, point.value] for point in metric] for name, metric in history.items()}
with open(root + "/collected.json", "w") as file:
    json.dump([data.params, points], file)
