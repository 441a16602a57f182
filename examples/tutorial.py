"""The tutorial that cupola grew from: a cat, falling curves, a ConvNet that learns digits, and VGG16's graph.

python examples/tutorial.py          # writes ./logs
cupola --logdir logs                 # shows it at http://localhost:6006
"""

import argparse
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from skimage.data import chelsea
from sklearn.datasets import load_digits
from torch import Tensor, nn
from tqdm import tqdm

from cupola import SummaryWriter


def cat_224() -> Tensor:
    """The photograph as a float tensor 3×224×224 in [0, 1]: shorter side to 256, centre crop."""
    photo = torch.from_numpy(chelsea()).permute(2, 0, 1)[None].float() / 255
    scale = 256 / min(photo.shape[-2:])
    size = [round(side * scale) for side in photo.shape[-2:]]
    photo = F.interpolate(photo, size, mode="bilinear", antialias=True)[0].clamp(0, 1)
    top, left = ((side - 224) // 2 for side in size)
    return photo[:, top : top + 224, left : left + 224]


def digits_28(mnist: Path | None) -> tuple[Tensor, Tensor]:
    """Handwritten digits N×1×28×28 in [0, 1] and their labels: scikit-learn's 1797, enlarged, or MNIST."""
    if mnist is not None:
        from torchvision.datasets import MNIST

        data = MNIST(mnist, download=True)
        return data.data[:, None].float() / 255, data.targets
    images, labels = load_digits(return_X_y=True)
    small = torch.from_numpy(images.reshape(-1, 1, 8, 8)).float() / 16
    return F.interpolate(small, (28, 28), mode="bilinear").clamp(0, 1), torch.from_numpy(
        labels.astype(np.int64)
    )


class ConvNet(nn.Module):
    """The tutorial's network: 28×28 digits to 10 log-probabilities."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, 5)
        self.conv2 = nn.Conv2d(10, 20, 3)
        self.fc1 = nn.Linear(20 * 10 * 10, 500)
        self.fc2 = nn.Linear(500, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Log-probabilities B×10 of images B×1×28×28."""
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.relu(self.conv2(x))
        x = F.relu(self.fc1(x.flatten(1)))
        return F.log_softmax(self.fc2(x), dim=1)


class VGG16(nn.Module):
    """VGG16 from its layer table: 138 357 544 parameters. Source: Simonyan & Zisserman 2014, table 1, D."""

    TABLE = (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M")

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for width in self.TABLE:
            if isinstance(width, str):
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
                channels = width
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            *(
                layer
                for wide, narrow in pairwise((512 * 7 * 7, 4096, 4096))
                for layer in (nn.Linear(wide, narrow), nn.ReLU(inplace=True), nn.Dropout())
            ),
            nn.Linear(4096, 1000),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Scores B×1000 of images B×3×224×224."""
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def log_curves(logdir: Path) -> Iterator[None]:
    """100 epochs, each with a fresh writer: over 100 event files in one directory within a second."""
    x, y = torch.FloatTensor([100]), torch.FloatTensor([500])
    for epoch in range(100):
        x /= 1.1
        y /= 1.2
        loss = (y - x).abs()
        with SummaryWriter(log_dir=logdir, comment="train") as writer:
            writer.add_histogram("his/x", x, epoch)
            writer.add_histogram("his/y", y, epoch)
            writer.add_scalar("data/x", x, epoch)
            writer.add_scalar("data/y", y, epoch)
            writer.add_scalar("data/loss", loss, epoch)
            writer.add_scalars("data/data_group", {"x": x, "y": y, "loss": loss}, epoch)
        yield


def train_digits(logdir: Path, images: Tensor, labels: Tensor, batches: int) -> Iterator[None]:
    """Trains the ConvNet; every 30 batches a re-opened writer logs what it makes of the batch."""
    model = ConvNet()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for n in range(batches):
        picked = torch.randint(len(images), (200,))
        data, target = images[picked], labels[picked]
        output = model(data)
        loss = F.nll_loss(output, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if n % 30 == 0:
            out = torch.cat((output.detach(), torch.ones(len(output), 1)), 1)  # N×11
            with SummaryWriter(log_dir=logdir, comment="embedding") as writer:
                writer.add_embedding(out, metadata=target, label_img=data, global_step=n)
        yield


def main() -> None:
    """Logs the tutorial's four parts into `--logdir`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--logdir", type=Path, default=Path("logs"))
    parser.add_argument("--batches", type=int, default=181, help="training batches of the ConvNet")
    parser.add_argument(
        "--mnist", type=Path, metavar="DIR", help="train on MNIST, kept in DIR (needs torchvision)"
    )
    args = parser.parse_args()
    torch.manual_seed(0)

    with tqdm(total=100 + args.batches + 2, unit="step") as progress:
        progress.set_description("images")
        writer = SummaryWriter(log_dir=args.logdir, comment="cat image")
        writer.add_image("cat", cat_224())
        writer.close()
        progress.update()

        progress.set_description("scalars, histograms")
        for _ in log_curves(args.logdir):
            progress.update()

        progress.set_description("projector")
        for _ in train_digits(args.logdir, *digits_28(args.mnist), args.batches):
            progress.update()

        progress.set_description("graphs")
        with SummaryWriter(log_dir=args.logdir, comment="vgg16") as writer:
            writer.add_graph(VGG16(), (torch.rand(1, 3, 224, 224),))
        progress.update()
    print(f"Written to {args.logdir}. Look at it: cupola --logdir {args.logdir}")


if __name__ == "__main__":
    main()
