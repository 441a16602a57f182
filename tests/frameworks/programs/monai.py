"""What users of MONAI do with its TensorBoard handlers: losses, metrics, pictures, animated volumes."""

import numpy as np
import torch
from monai.engines import SupervisedEvaluator, SupervisedTrainer
from monai.handlers import (
    StatsHandler,
    TensorBoardImageHandler,
    TensorBoardStatsHandler,
    ValidationHandler,
    from_engine,
)
from monai.inferers import SimpleInferer
from monai.networks.nets import UNet
from monai.visualize import add_animated_gif, plot_2d_or_3d_image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torch.utils.tensorboard import SummaryWriter


class Volumes(Dataset):
    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> dict:
        volume = torch.rand(1, 8, 16, 16, generator=torch.Generator().manual_seed(index))
        return {"image": volume, "label": (volume > 0.5).float()}


def pair(batch):
    return [b["image"] for b in batch], [b["label"] for b in batch]


def main(logdir: str) -> None:
    torch.manual_seed(0)
    network = UNet(3, 1, 1, channels=(4, 8), strides=(2,))
    loader = DataLoader(Volumes(), batch_size=2)
    loss = nn.BCEWithLogitsLoss()
    images = TensorBoardImageHandler(
        log_dir=f"{logdir}/val", batch_transform=pair, output_transform=from_engine("pred"), interval=1
    )
    evaluator = SupervisedEvaluator(
        device=torch.device("cpu"),
        val_data_loader=loader,
        network=network,
        inferer=SimpleInferer(),
        val_handlers=[
            StatsHandler(output_transform=lambda x: None),
            TensorBoardStatsHandler(log_dir=f"{logdir}/val", output_transform=lambda x: None),
            images,
        ],
    )
    trainer = SupervisedTrainer(
        device=torch.device("cpu"),
        max_epochs=2,
        train_data_loader=loader,
        network=network,
        optimizer=torch.optim.Adam(network.parameters(), 0.01),
        loss_function=loss,
        train_handlers=[
            ValidationHandler(interval=1, validator=evaluator),
            TensorBoardStatsHandler(
                log_dir=f"{logdir}/train", tag_name="loss", output_transform=from_engine("loss", first=True)
            ),
        ],
    )
    trainer.run()

    generator = np.random.default_rng(0)
    with SummaryWriter(f"{logdir}/plots") as writer:
        for step in range(2):
            flat, colour, solid = (
                generator.random(shape) for shape in [(16, 16), (3, 16, 16), (2, 6, 16, 16)]
            )
            plot_2d_or_3d_image(flat[None], step, writer, tag="flat")
            plot_2d_or_3d_image(colour[None], step, writer, max_channels=3, tag="colour")
            plot_2d_or_3d_image(solid[None], step, writer, max_channels=2, tag="solid")
            add_animated_gif(writer, "gif", solid, scale_factor=255, global_step=step)


if __name__ == "__main__":
    main("logs")
