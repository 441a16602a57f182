"""What users of Lightning do with its TensorBoardLogger, in a Trainer and in Fabric."""

import matplotlib.pyplot as plt
import torch
from lightning import Fabric, LightningModule, Trainer, seed_everything
from lightning.fabric.loggers import TensorBoardLogger as FabricLogger
from lightning.pytorch.callbacks import LearningRateMonitor
from lightning.pytorch.loggers import TensorBoardLogger
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Classifier(LightningModule):
    def __init__(self, width: int, lr: float, act: str, bias: bool, note: object, sizes: list) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(nn.Linear(8, width, bias=bias), nn.ReLU(), nn.Linear(width, 3))
        self.example_input_array = torch.zeros(1, 8)

    def forward(self, x):
        return self.net(x)

    def loss(self, batch):
        x, y = batch
        return nn.functional.cross_entropy(self(x), y)

    def training_step(self, batch, index):
        loss = self.loss(batch)
        self.log("train/loss", loss, on_step=True, on_epoch=True)
        self.log_dict(
            {"train/double": loss.double() * 2, "train/half": loss.half(), "train/n": len(batch[0])}
        )
        return loss

    def validation_step(self, batch, index):
        loss = self.loss(batch)
        self.log("val/loss", loss)
        self.log("hp_metric", loss)

    def on_before_optimizer_step(self, optimizer):
        gradients = {name: parameter.grad for name, parameter in self.named_parameters()}
        for name, gradient in gradients.items():
            self.logger.experiment.add_histogram(f"{name}/gradient", gradient, self.global_step, bins=10)

    def on_train_epoch_end(self):
        writer, step = self.logger.experiment, self.global_step
        for name, parameter in self.named_parameters():
            writer.add_histogram(name, parameter, step)
        figure, axes = plt.subplots()
        axes.plot(self.net[0].weight.detach()[0])
        writer.add_figure("weights", figure, step)
        writer.add_image("noise", torch.rand(3, 16, 16), step)
        writer.add_images("batch", torch.rand(4, 1, 8, 8), step)
        writer.add_text("epoch", f"epoch **{self.current_epoch}**", step)
        writer.add_scalars("norms", {"w": self.net[0].weight.norm(), "b": self.net[2].bias.norm()}, step)
        writer.add_pr_curve("pr", torch.randint(0, 2, (50,)), torch.rand(50), step)
        writer.add_audio("sound", torch.rand(1, 800) * 2 - 1, step, sample_rate=8000)
        self.logger.log_metrics({"group": {"a": 1.0, "b": 2.0}, "plain": 3}, step)

    def configure_optimizers(self):
        optimizer = torch.optim.Adam(self.parameters(), self.hparams.lr)
        return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 1)]


def data():
    return DataLoader(TensorDataset(torch.randn(40, 8), torch.randint(0, 3, (40,))), batch_size=8)


def main(logdir: str) -> None:
    seed_everything(0)
    logger = TensorBoardLogger(logdir, name="trainer", log_graph=True, flush_secs=5)
    trainer = Trainer(
        max_epochs=2,
        logger=logger,
        log_every_n_steps=1,
        callbacks=[LearningRateMonitor("step")],
        accelerator="cpu",
        enable_progress_bar=False,
        enable_checkpointing=False,
        enable_model_summary=False,
    )
    model = Classifier(width=16, lr=0.01, act="relu", bias=True, note=None, sizes=[1, 2])
    trainer.fit(model, data(), data())
    trainer.validate(model, data(), verbose=False)
    logger.log_hyperparams({"lr": 0.01, "depth": 3}, {"final": 0.5, "steps": 10})

    logger = FabricLogger(logdir, name="fabric")
    fabric = Fabric(accelerator="cpu", devices=1, loggers=logger)
    net = fabric.setup(nn.Linear(8, 1))
    for step in range(3):
        fabric.log_dict({"loss": net(torch.randn(4, 8)).mean(), "step": step}, step)
    logger.log_hyperparams({"lr": 0.1, "layers": {"width": 8, "act": "relu"}})
    logger.log_graph(net, torch.zeros(1, 8))
    logger.finalize("success")


if __name__ == "__main__":
    main("logs")
