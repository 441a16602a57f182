"""The plain loop: fits a line to noisy points, with a scalar per epoch and two curves side by side.

python examples/regression.py
cupola --logdir logs
"""

import torch
from torch import nn

from cupola import SummaryWriter  # was: from torch.utils.tensorboard import SummaryWriter

torch.manual_seed(0)
x = torch.arange(-5, 5, 0.1)[:, None]
y = -5 * x + 0.5 * torch.randn(x.shape)
train, held_out = slice(0, None, 2), slice(1, None, 2)

model = nn.Linear(1, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)

with SummaryWriter("logs/regression") as writer:
    for epoch in range(100):
        loss = criterion(model(x[train]), y[train])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            val_loss = criterion(model(x[held_out]), y[held_out])
        writer.add_scalar("loss/train", loss, epoch)
        writer.add_scalars("loss", {"train": loss, "held out": val_loss}, epoch)
        writer.add_scalar("slope", model.weight.item(), epoch)
    writer.add_custom_scalars({"fit": {"loss": ["Multiline", ["loss/train"]]}})
