"""What users of fastai do with its TensorBoard callbacks: graph, losses, sample pictures, the projector."""

from pathlib import Path

import numpy as np
from fastai.basics import CastToTensor, Learner, set_seed
from fastai.callback.tensorboard import TensorBoardCallback, TensorBoardProjectorCallback
from fastai.losses import CrossEntropyLossFlat
from fastai.metrics import accuracy
from fastai.vision.data import ImageDataLoaders
from PIL import Image
from torch import nn


def pictures(folder: Path) -> Path:
    generator = np.random.default_rng(0)
    for label in ("dark", "light"):
        (folder / label).mkdir(parents=True)
        for index in range(12):
            pixels = generator.integers(0, 128, (16, 16, 3)) + (127 if label == "light" else 0)
            Image.fromarray(pixels.astype("uint8")).save(folder / label / f"{index}.png")
    return folder


def main(logdir: str) -> None:
    set_seed(0, reproducible=True)
    loaders = ImageDataLoaders.from_folder(
        pictures(Path("pictures")), valid_pct=0.5, seed=0, bs=6, num_workers=0, device="cpu"
    )
    body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    head = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
    learner = Learner(
        loaders, nn.Sequential(body, head), loss_func=CrossEntropyLossFlat(), metrics=accuracy, path="models"
    )
    learner.remove_cb(CastToTensor)  # it hides from the projector's callback that the tensors are pictures
    learner.fit_one_cycle(2, cbs=TensorBoardCallback(f"{logdir}/fit", trace_model=True, projector=True))
    learner.get_preds(cbs=TensorBoardProjectorCallback(f"{logdir}/projector"))


if __name__ == "__main__":
    main("logs")
