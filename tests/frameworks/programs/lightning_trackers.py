"""What users of Lightning do who look at TensorBoard's files and keep their runs in MLflow and W&B too."""

import mlflow
import torch
import wandb
from lightning import LightningModule, Trainer, seed_everything
from lightning.pytorch.loggers import MLFlowLogger, TensorBoardLogger, WandbLogger
from torch import nn
from torch.utils.data import DataLoader


class Model(LightningModule):
    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(nn.Linear(8, width), nn.ReLU(), nn.Linear(width, 1))

    def training_step(self, batch, index):
        loss = self.net(batch).square().mean()
        self.log("train/loss", loss)
        self.loggers[0].experiment.add_image("noise", torch.rand(3, 8, 8), self.global_step)
        return loss

    def validation_step(self, batch, index):
        self.log("val/loss", self.net(batch).square().mean())

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)


def main(logdir: str) -> None:
    seed_everything(0)
    mlflow.pytorch.autolog(log_models=False, checkpoint=False, log_every_n_step=1)
    wandb.init(project="trackers", sync_tensorboard=True)
    trainer = Trainer(
        max_epochs=2,
        logger=[TensorBoardLogger(logdir), MLFlowLogger(tracking_uri="sqlite:///mlflow.db"), WandbLogger()],
        log_every_n_steps=1,
        accelerator="cpu",
        enable_progress_bar=False,
        enable_checkpointing=False,
        enable_model_summary=False,
    )
    trainer.fit(Model(), DataLoader(torch.randn(32, 8), 8), DataLoader(torch.randn(16, 8), 8))
    wandb.finish()
    mlflow.flush_async_logging()


if __name__ == "__main__":
    main("logs")
