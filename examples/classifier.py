"""An image classifier: a batch as pictures, the model's graph, curves, what it confuses, and its features.

python examples/classifier.py
cupola --logdir logs
"""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from sklearn.metrics import ConfusionMatrixDisplay
from torch import nn

from cupola import SummaryWriter  # was: from torch.utils.tensorboard import SummaryWriter

torch.manual_seed(0)
digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32)[:, None] / 16  # 1797×1×8×8 in [0, 1]
labels = torch.tensor(digits.target)
train, test = slice(0, 1500), slice(1500, None)

features = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 32), nn.ReLU()
)
model = nn.Sequential(features, nn.Linear(32, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

with SummaryWriter("logs/classifier") as writer:
    writer.add_images("digits", images[:32])
    writer.add_graph(model, images[:32])
    step = 0
    for _epoch in range(5):
        for batch in torch.randperm(1500).split(50):
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            writer.add_scalar("loss/train", loss, step)
            step += 1
        with torch.no_grad():
            scores = model(images[test]).softmax(1)
            writer.add_embedding(
                features(images[test]), metadata=labels[test], label_img=images[test], global_step=step
            )
        predicted = scores.argmax(1)
        writer.add_scalar("accuracy/test", (predicted == labels[test]).float().mean(), step)
        for digit in (3, 8):
            writer.add_pr_curve(f"digit/{digit}", labels[test] == digit, scores[:, digit], step)
        figure, axes = plt.subplots()
        ConfusionMatrixDisplay.from_predictions(labels[test], predicted, ax=axes, colorbar=False)
        writer.add_figure("confusion", figure, step)
