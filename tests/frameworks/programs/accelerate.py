"""What users of accelerate do with its TensorBoard tracker."""

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from torch import nn


def main(logdir: str) -> None:
    set_seed(0)
    accelerator = Accelerator(cpu=True, log_with="tensorboard", project_dir=logdir)
    config = {"lr": 0.1, "epochs": 2, "optimizer": "sgd", "nesterov": False}
    accelerator.init_trackers("run", config, init_kwargs={"tensorboard": {"flush_secs": 60}})
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), config["lr"])
    model, optimizer = accelerator.prepare(model, optimizer)
    tracker = accelerator.get_tracker("tensorboard")
    for step in range(6):
        loss = model(torch.randn(8, 4)).square().mean()
        accelerator.backward(loss)
        optimizer.step()
        optimizer.zero_grad()
        accelerator.log(
            {"loss": loss, "note": f"step {step}", "norms": {"w": model.weight.norm()}}, step=step
        )
        accelerator.log({"extra": step * 0.5}, step=step, log_kwargs={"tensorboard": {"new_style": True}})
        tracker.log_images({"samples": np.random.rand(2, 3, 8, 8)}, step=step)
        tracker.log_images({"last": np.random.rand(2, 8, 8, 3)}, step=step, dataformats="NHWC")
    accelerator.get_tracker("tensorboard", unwrap=True).add_histogram("w", model.weight, 6)
    accelerator.end_training()


if __name__ == "__main__":
    main("logs")
