"""The projector: layouts beside scikit-learn's and umap-learn's, a million points on server and page, and its
page beside TensorBoard's under software rendering.

Times of layouts are CPU time of the whole process with the library's defaults, at equal data. The page's are
wall time of one headless Chromium with SwiftShader, medians. The 60,000 × 784 are scikit-learn's digits,
turned and shifted on 28 × 28 pixels.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from benchmarks.bench_page import address_of, ask, process, wait_until
from benchmarks.bench_write import row
from benchmarks.projector_page import cloud_rows, first_picture_s, peer_frames, shot
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

MILLION: Final = (1_000_000, 64)


def run() -> list[dict[str, Any]]:
    """All rows."""
    matrix, images, labels = many_digits()
    with tempfile.TemporaryDirectory() as folder:
        return [
            *digits_rows(),
            *many_rows(matrix),
            *log_rows(matrix, images, labels, Path(folder)),
            *million_rows(Path(folder)),
        ]


def many_digits(count: int = 60_000) -> tuple[Matrix, NDArray[np.uint8], NDArray[Any]]:
    """Vectors, images N×1×28×28, and labels."""
    from scipy.ndimage import rotate
    from sklearn.datasets import load_digits

    digits, random = load_digits(), np.random.default_rng(0)
    large = np.kron(digits.images, np.ones((3, 3))).astype(np.float32)  # 24 × 24
    kept, made = [], -(-count // len(large))
    for _ in range(made):
        turned = rotate(large, random.uniform(-20, 20), (1, 2), reshape=False, order=1)
        left, top = random.integers(0, 5, 2)
        kept.append(np.pad(turned, ((0, 0), (top, 4 - top), (left, 4 - left))))
    images = np.clip(np.concatenate(kept)[:count] * 16, 0, 255).astype(np.uint8)
    labels = np.tile(digits.target, made)[:count]
    return images.reshape(count, -1).astype(np.float32), images[:, None], labels


def digits_rows() -> list[dict[str, Any]]:
    """t-SNE of scikit-learn's 1,797 digits."""
    from sklearn.datasets import load_digits
    from sklearn.manifold import TSNE, trustworthiness

    data = load_digits().data.astype(np.float32)
    ours, ours_s, _ = fitted(data, "tsne")
    began = time.process_time()
    theirs = TSNE(random_state=0).fit_transform(data)
    peer_s = time.process_time() - began
    kept, peer = (float(trustworthiness(data, y, n_neighbors=15)) for y in (ours, theirs))
    return [
        row("t-SNE of 1797 digits, scikit-learn", ours_s, peer_s, "s CPU", ""),
        row("t-SNE of 1797 digits, trustworthiness", kept, peer, "", "≥ 0.99 of scikit-learn's", 0, 0)
        | {"reached": kept >= 0.99 * peer},
    ]


def many_rows(matrix: Matrix) -> list[dict[str, Any]]:
    """Layouts of 60,000 × 784."""
    _, _, (wall_s, cpu_s) = fitted(matrix, "tsne", frames=3)
    _, umap_s, _ = fitted(matrix, "umap")
    return [
        row("t-SNE of 60k × 784, first layout that moves", wall_s, None, "s", "≤ 5 s", 5),
        row("t-SNE of 60k × 784, first layout that moves, CPU", cpu_s, None, "s CPU", ""),
        row("UMAP of 60k × 784", umap_s, None, "s CPU", "≤ 60 s CPU", 60),
    ]


def fitted(
    matrix: Matrix, method: str, frames: int | None = None
) -> tuple[Matrix, float, tuple[float, float]]:
    """The last layout (or that after some frames), CPU seconds, and wall and CPU seconds to the first layout
    that is not the start.
    """
    from cupola.plugins.projector.layouts.fit import Fit
    from cupola.plugins.projector.layouts.parameters import parse

    wall, cpu = time.monotonic(), time.process_time()
    first = (0.0, 0.0)
    fit = Fit(matrix, parse(method, {}), None, lambda stage, share: None)
    for count, frame in enumerate(fit.frames()):
        y = frame.y
        if count == 1:
            first = (time.monotonic() - wall, time.process_time() - cpu)
        if count == frames:
            break
    return y.copy(), time.process_time() - cpu, first


def log_rows(
    matrix: Matrix, images: NDArray[np.uint8], labels: NDArray[Any], folder: Path
) -> list[dict[str, Any]]:
    """What `add_embedding` wrote, in the browser; frames beside TensorBoard's."""
    from cupola import SummaryWriter

    with SummaryWriter(str(folder / "logs")) as writer:
        writer.add_embedding(matrix, labels, images, 0)
    with served("--logdir", str(folder / "logs")) as address:
        seconds, _ = first_picture_s(address, "draw=points")
        frames = shot(address)
    peer = peer_frames(matrix[:, :64], folder / "peer")
    return [
        row("60k × 784 with images, tab to points", seconds, None, "s", "≤ 2 s", 2),
        {
            **row("orbit of 60k points", frames, peer, "frames/s", "≥ 5× TensorBoard"),
            "ratio": frames / peer,
            "reached": frames >= 5 * peer,
        },
    ]


def million_rows(folder: Path) -> list[dict[str, Any]]:
    """A mapped file of a million points: server, wire, page."""
    path = folder / "million.npy"
    matrix = np.random.default_rng(0).standard_normal(MILLION, np.float32)
    matrix[:, 0] += 3 * (np.arange(len(matrix)) % 7)
    np.save(path, matrix)
    kinds = np.arange(len(matrix)) % 7
    np.savez(folder / "described.npz", X=matrix, kind=kinds, half=kinds // 4)
    data_mib = matrix.nbytes / 2**20
    del matrix
    with served("projector", str(path)) as address:
        seconds, sent = first_picture_s(address, "plane=1")
        asked = f"{address}api/projector/neighbours?run=million.npy&name=million&count=999&index="
        taken = []
        for metric in ("cosine", "euclidean", "dot"):
            for index in range(5):
                began = time.monotonic()
                ask(f"{asked}{index}&metric={metric}")
                taken.append((time.monotonic() - began) * 1e3)
        memory_mib = peak_mib(address)
    with served("projector", str(folder / "described.npz")) as address:
        picking, lasso = cloud_rows(address)
    return [
        row("1M × 64, first picture", seconds, None, "s", "≤ 10 s", 10),
        row("1M × 64, server's memory", memory_mib, data_mib, "MiB", "≤ 2× the data", 2 * data_mib),
        row("1M × 64, download", sent / MILLION[0], None, "B/point", "≤ 16", 16),
        row("999 neighbours among 1M × 64", statistics.median(taken), None, "ms", "≤ 300 ms", 300),
        row("picking among 1M points", picking, None, "ms", "≤ 50 ms", 50),
        row("lasso of 1M points", lasso, None, "ms", "≤ 200 ms", 200),
    ]


_RUNNING: dict[str, int] = {}


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    with process(sys.executable, "-m", "cupola", *arguments, "--port", "0") as child:
        address = address_of(child)
        wait_until(lambda: not ask(address + "api/catalog")["loading"])
        _RUNNING[address] = child.pid
        yield address


def peak_mib(address: str) -> float:
    """The server's highest resident size, the pages of a mapped file among them."""
    status = Path(f"/proc/{_RUNNING[address]}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
