"""A small example: a layer whose weights split in two, gradients that calm down, and a bias that wanders."""

from __future__ import annotations

from pathlib import Path

import numpy as np

RATES = (0.1, 0.03, 0.01)
STEPS = 80


def write(logdir: Path) -> None:
    """Writes three runs of 80 steps and three tags below `logdir`."""
    from cupola import SummaryWriter

    generator = np.random.default_rng(5)
    for rate in RATES:
        pace = (rate / RATES[0]) ** 0.35
        with SummaryWriter(str(Path(logdir) / f"lr {rate}")) as writer:
            for step in range(STEPS):
                done = 1 - np.exp(-4 * pace * step / STEPS)
                bulk = generator.normal(-0.1 * done, 0.03 + 0.08 * done, 4000)
                chosen = generator.normal(0.28 * done, 0.025, 1600)
                writer.add_histogram("layer1/weight", np.concatenate([bulk, chosen]), step * 25)
                gradient = generator.standard_t(3, 3000) * 0.02 * (1.1 - done) * pace
                writer.add_histogram("layer1/gradient", gradient, step * 25)
                bias = generator.normal(0.4 * np.sin(5 * done) * pace, 0.02 + 0.06 * done, 256)
                writer.add_histogram("layer2/bias", bias, step * 25)
