"""Finding a disc in a photograph: boxes, masks, a PR curve of its pixels, its outline as a mesh, and a sound.

python examples/segmentation.py
cupola --logdir logs
"""

import math

import torch
from skimage.data import chelsea
from torch import Tensor, nn

from cupola import SummaryWriter  # was: from torch.utils.tensorboard import SummaryWriter

SIDE = 64


def scenes(count: int, photo: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Pictures N×3×64×64 with a disc each, masks N×1×64×64, boxes N×4 (left, top, right, bottom; px)."""
    top, left = torch.randint(200, (2, count))
    pictures = torch.stack(
        [photo[:, y : y + SIDE, x : x + SIDE] for y, x in zip(top.tolist(), left.tolist(), strict=True)]
    )
    centre, radius = torch.randint(14, 50, (count, 2, 1, 1)), torch.randint(6, 14, (count, 1, 1))
    rows, columns = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    masks = (((rows - centre[:, 0]) ** 2 + (columns - centre[:, 1]) ** 2) < radius**2)[:, None]
    pictures = torch.where(masks, torch.tensor([0.2, 0.4, 0.9])[:, None, None], pictures)
    x, y, r = centre[:, 1].flatten(), centre[:, 0].flatten(), radius.flatten()
    return pictures, masks.float(), torch.stack((x - r, y - r, x + r, y + r), 1)


def sphere(radius: float, rings: int = 12) -> tuple[Tensor, Tensor]:
    """Vertices 1×V×3 and triangles 1×F×3."""
    polar, around = torch.meshgrid(
        torch.linspace(0, math.pi, rings), torch.linspace(0, 2 * math.pi, rings), indexing="ij"
    )
    vertices = torch.stack((polar.sin() * around.cos(), polar.sin() * around.sin(), polar.cos()), -1)
    first = (torch.arange(rings - 1)[:, None] * rings + torch.arange(rings - 1)).flatten()
    faces = [
        torch.stack((first, first + 1, first + rings), 1),
        torch.stack((first + 1, first + rings, first + rings + 1), 1),
    ]
    return radius * vertices.reshape(1, -1, 3), torch.cat(faces)[None]


torch.manual_seed(0)
photo = torch.tensor(chelsea()).permute(2, 0, 1).float() / 255
held_out, held_out_masks, held_out_boxes = scenes(4, photo)

model = nn.Sequential(nn.Conv2d(3, 12, 5, padding=2), nn.ReLU(), nn.Conv2d(12, 1, 5, padding=2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

with SummaryWriter("logs/segmentation") as writer:
    for step in range(60):
        pictures, masks, _ = scenes(16, photo)
        loss = nn.functional.binary_cross_entropy_with_logits(model(pictures), masks)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        writer.add_scalar("loss/train", loss, step)
        if step % 20 == 19:
            with torch.no_grad():
                found = model(held_out).sigmoid()
            writer.add_images("masks", found, step)
            writer.add_pr_curve("pixels", held_out_masks.flatten(), found.flatten(), step)
            writer.add_image_with_boxes("boxes", held_out[0], held_out_boxes[:1], step)
    area = held_out_masks[0].sum().item()
    vertices, faces = sphere(math.sqrt(area / math.pi))
    writer.add_mesh("disc/as a ball", vertices, faces=faces, colors=(vertices * 8 + 128).clamp(0, 255).int())
    seconds = torch.arange(8000) / 8000
    pitch_hz = 200 + area
    writer.add_audio("disc/as a tone", (2 * math.pi * pitch_hz * seconds).sin()[None], sample_rate=8000)
