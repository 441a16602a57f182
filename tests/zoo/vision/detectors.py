"""Boxes: lists of images and of targets, losses in training and boxes in evaluation."""

from __future__ import annotations

from typing import Any

import torch
from tests.zoo.registry import zoo
from tests.zoo.vision.blocks import conv_norm, images
from torch import Tensor, nn
from torch.nn import functional as F


class Detector(nn.Module):
    """As torchvision's: takes a list of images of their own sizes and a list of dictionaries; in training it
    gives a dictionary of losses, in evaluation a list of dictionaries with as many boxes as it finds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.backbone = nn.Sequential(conv_norm(3, 4, 3, 2), conv_norm(4, 8, 3, 2))
        self.classes, self.boxes = nn.Conv2d(8, 2, 1), nn.Conv2d(8, 4, 1)

    def forward(self, images: list[Tensor], targets: list[dict[str, Tensor]] | None = None) -> Any:
        if self.training and targets is None:
            raise ValueError("a detector needs targets in training")
        side = max(max(image.shape[-2:]) for image in images)
        batch = torch.stack(
            [F.pad(image, (0, side - image.shape[2], 0, side - image.shape[1])) for image in images]
        )
        features = self.backbone(batch)
        scores, boxes = self.classes(features).flatten(2).mT, self.boxes(features).flatten(2).mT
        if self.training and targets is not None:
            return self.losses(scores, boxes, targets)
        found = []
        for score, box in zip(scores.softmax(-1)[..., 1], boxes, strict=True):
            kept = (score > score.median()).nonzero()[:, 0]
            found.append({"boxes": box[kept], "scores": score[kept], "labels": torch.ones_like(kept)})
        return found

    def losses(self, scores: Tensor, boxes: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        cost = sum((boxes[index] - target["boxes"][0]).abs().mean() for index, target in enumerate(targets))
        wanted = torch.stack([target["labels"][0] for target in targets])
        return {"box": cost, "class": F.cross_entropy(scores.mean(1), wanted)}


def targets(count: int) -> list[dict[str, Tensor]]:
    return [{"boxes": torch.rand(2, 4), "labels": torch.ones(2, dtype=torch.long)} for _ in range(count)]


def of_two_lists(model: Any, given: Any) -> Any:
    return model(*given)


@zoo(quick=True)
def detector_with_targets() -> Any:
    return Detector(), ([torch.rand(3, 16, 16), torch.rand(3, 12, 16)], targets(2)), of_two_lists


@zoo()
def detector_of_a_list() -> Any:
    return (
        Detector().eval(),
        [torch.rand(3, 16, 16), torch.rand(3, 12, 16)],
        lambda model, given: model(given, targets(2)),
    )


class SingleShot(nn.Module):
    """SSD: heads on the maps of several scales, and default boxes that are made anew."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList([conv_norm(3, 4, 3, 2), conv_norm(4, 6, 3, 2), conv_norm(6, 6, 3, 2)])
        self.heads = nn.ModuleList(nn.Conv2d(width, 2 * (4 + 3), 3, padding=1) for width in (6, 6))
        self.scale = nn.Parameter(torch.ones(1, 6, 1, 1) * 20)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        maps = [F.normalize(maps[1]) * self.scale, maps[2]]
        made = [head(item).permute(0, 2, 3, 1) for head, item in zip(self.heads, maps, strict=True)]
        found = torch.cat([item.reshape(len(x), -1, 7) for item in made], 1)
        return found[..., :4], found[..., 4:], torch.cat([self.anchors(item) for item in maps])

    @staticmethod
    def anchors(feature: Tensor) -> Tensor:
        axis = (torch.arange(feature.shape[-1]) + 0.5) / feature.shape[-1]
        centers = torch.cartesian_prod(axis, axis).repeat_interleave(2, 0)
        return torch.cat([centers, torch.full_like(centers, 1 / feature.shape[-1])], 1)


@zoo(quick=True)
def ssd() -> Any:
    return SingleShot(), images()


class FeaturePyramid(nn.Module):
    """RetinaNet: one head for all levels of a pyramid."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList([conv_norm(3, 4, 3, 2), conv_norm(4, 6, 3, 2), conv_norm(6, 8, 3, 2)])
        self.lateral = nn.ModuleList(nn.Conv2d(width, 4, 1) for width in (4, 6, 8))
        self.head = nn.Sequential(conv_norm(4, 4), nn.Conv2d(4, 9, 3, padding=1))

    def forward(self, x: Tensor) -> dict[str, list[Tensor]]:
        levels = []
        for stage, lateral in zip(self.stages, self.lateral, strict=True):
            x = stage(x)
            levels.append(lateral(x))
        for index in (1, 0):
            levels[index] = levels[index] + F.interpolate(levels[index + 1], scale_factor=2.0)
        return {"levels": [self.head(level) for level in levels]}


@zoo()
def retinanet() -> Any:
    return FeaturePyramid(), images()


class Yolo(nn.Module):
    """Keeps its grids, and makes them anew when the size of the image changes."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(conv_norm(3, 4, 3, 4, act=nn.SiLU), nn.Conv2d(4, 6, 1))
        self.grid = torch.empty(0)

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x).permute(0, 2, 3, 1).contiguous()
        if self.training:
            return x
        if self.grid.shape[:2] != x.shape[1:3]:
            axes = torch.meshgrid(torch.arange(x.shape[1]), torch.arange(x.shape[2]), indexing="ij")
            self.grid = torch.stack(axes, -1).float()
        return torch.cat([x[..., :2].sigmoid() + self.grid, x[..., 2:]], -1)


@zoo(quick=True)
def yolo() -> Any:
    return Yolo(), images()


class DetectionTransformer(nn.Module):
    """DETR: queries that look at the image, and a loss for each layer."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone, self.queries = conv_norm(3, 8, 3, 4), nn.Embedding(4, 8)
        self.transformer = nn.Transformer(8, 2, 1, 1, 16, 0.1, batch_first=True)
        self.classes, self.boxes = nn.Linear(8, 3), nn.Linear(8, 4)

    def forward(self, x: Tensor) -> dict[str, Any]:
        memory = self.backbone(x).flatten(2).mT
        made = self.transformer(memory, self.queries.weight.expand(len(x), -1, -1))
        outputs = {"pred_logits": self.classes(made), "pred_boxes": self.boxes(made).sigmoid()}
        return {**outputs, "aux_outputs": [{"pred_logits": outputs["pred_logits"].detach()}]}


@zoo()
def detr() -> Any:
    return DetectionTransformer(), images(16)
