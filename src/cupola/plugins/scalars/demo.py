"""A small example: three learning rates; the highest has spikes, and once a gradient that is no number."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

RATES = (0.1, 0.03, 0.01)
STEPS = 2000
BROKEN_STEP = 1240


def write(logdir: Path) -> None:
    """Writes three runs of 2000 steps and seven tags below `logdir`."""
    from cupola import SummaryWriter

    generator = np.random.default_rng(3)
    for rate in RATES:
        pace = (rate / RATES[0]) ** 0.5
        noise = generator.normal(0, 1, (STEPS, 3))
        with SummaryWriter(str(Path(logdir) / f"lr {rate}")) as writer:
            for step in range(STEPS):
                done = 1 - math.exp(-5 * pace * step / STEPS)
                spike = 1.5 if rate == RATES[0] and step % 530 == 400 else 0.0
                loss = 2.3 * (1 - 0.93 * done) * math.exp(0.09 * noise[step, 0]) + spike
                writer.add_scalar("train/loss", loss, step)
                writer.add_scalar("train/accuracy", 0.1 + 0.85 * done + 0.012 * noise[step, 1], step)
                norm = (0.3 + 2 * (1 - done)) * math.exp(0.2 * noise[step, 2]) + 6 * spike
                broken = rate == RATES[0] and step == BROKEN_STEP
                writer.add_scalar("optimizer/gradient norm", math.nan if broken else norm, step)
                learned = rate * (1 + math.cos(math.pi * step / STEPS)) / 2
                writer.add_scalar("optimizer/learning rate", learned, step)
                if step % 50 == 49:
                    overfit = 0.35 * max(0.0, done - 0.75) * (1.6 if rate == RATES[0] else 1)
                    writer.add_scalar("val/loss", 2.3 * (1 - 0.9 * done) + overfit, step)
                    writer.add_scalar("val/accuracy", 0.1 + 0.8 * done - 0.2 * overfit, step)
                    writer.add_scalar("val/top5", min(0.995, 0.4 + 0.6 * done), step)
