"""A GAN on handwritten digits: two losses against each other, what is made of one noise, epoch by epoch.

python examples/gan.py
cupola --logdir logs
"""

import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

from cupola import SummaryWriter  # was: from torch.utils.tensorboard import SummaryWriter


def grid(images: Tensor, columns: int = 8) -> Tensor:
    """One picture 1×H×W of many N×1×h×w, as torchvision's make_grid lays them out."""
    padded = nn.functional.pad(images, (1, 1, 1, 1))
    rows = [torch.cat(list(row), 2) for row in padded.split(columns)]
    return torch.cat(rows, 1)


torch.manual_seed(0)
real_images = torch.tensor(load_digits().images, dtype=torch.float32)[:, None] / 16  # 1797×1×8×8 in [0, 1]

latent = 16
generator = nn.Sequential(
    nn.Linear(latent, 128), nn.ReLU(), nn.Linear(128, 64), nn.Sigmoid(), nn.Unflatten(1, (1, 8, 8))
)
discriminator = nn.Sequential(nn.Flatten(), nn.Linear(64, 128), nn.LeakyReLU(0.2), nn.Linear(128, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer_g = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))
optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.5, 0.999))
fixed_noise = torch.randn(64, latent)

with SummaryWriter("logs/gan") as writer:
    writer.add_image("real", grid(real_images[:64]))
    step = 0
    for epoch in range(12):
        for batch in torch.randperm(len(real_images)).split(64):
            real = real_images[batch]
            fake = generator(torch.randn(len(real), latent))
            ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)

            loss_d = criterion(discriminator(real), ones) + criterion(discriminator(fake.detach()), zeros)
            optimizer_d.zero_grad()
            loss_d.backward()
            optimizer_d.step()

            loss_g = criterion(discriminator(fake), ones)
            optimizer_g.zero_grad()
            loss_g.backward()
            optimizer_g.step()

            writer.add_scalars("loss", {"generator": loss_g, "discriminator": loss_d}, step)
            step += 1
        with torch.no_grad():
            made = generator(fixed_noise)
            writer.add_image("generated", grid(made), epoch)
            writer.add_histogram("scores/real", discriminator(real_images[:500]), epoch)
            writer.add_histogram("scores/generated", discriminator(made), epoch)
    writer.add_graph(generator, fixed_noise)
