"""What users of skorch do with its TensorBoard callback, and with a subclass as its documentation shows."""

import numpy as np
import torch
from skorch import NeuralNetClassifier
from skorch.callbacks import EpochScoring, LRScheduler, TensorBoard
from torch import nn
from torch.utils.tensorboard import SummaryWriter


class Detailed(TensorBoard):
    def add_graph(self, module, X):
        self.writer.add_graph(module, torch.tensor(X))

    def on_batch_begin(self, net, batch, **kwargs):
        if self.first_batch_ and kwargs.get("training"):
            self.add_graph(net.module_, batch[0].numpy())
        super().on_batch_begin(net, batch, **kwargs)

    def on_epoch_end(self, net, **kwargs):
        epoch = net.history[-1, "epoch"]
        self.writer.add_histogram("bias", net.module_[0].bias, global_step=epoch)
        self.writer.add_image("weight", net.module_[0].weight.detach().sigmoid()[None], epoch)
        super().on_epoch_end(net, **kwargs)


class Network(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3), nn.Softmax(-1))


def main(logdir: str) -> None:
    torch.manual_seed(0)
    generator = np.random.default_rng(0)
    x = generator.normal(size=(60, 8)).astype("float32")
    y = generator.integers(0, 3, 60)
    net = NeuralNetClassifier(
        Network,
        max_epochs=3,
        verbose=0,
        callbacks=[
            EpochScoring("f1_macro", name="train_f1", on_train=True, lower_is_better=False),
            LRScheduler("StepLR", step_size=1, monitor=None),
            Detailed(SummaryWriter(logdir)),
        ],
    )
    net.fit(x, y)


if __name__ == "__main__":
    main("logs")
