"""A small example: notes in Markdown, and a model that learns to write."""

from __future__ import annotations

from pathlib import Path

import numpy as np

RATES = (0.1, 0.03, 0.01)
STEPS = 12

LINE = "the quick brown fox jumps over the lazy dog and is home before it gets dark"
LETTERS = "abcdefghijklmnopqrstuvwxyz "

NOTES = """\
### Evaluation at step {step}

| split | accuracy | loss |
|:------|---------:|-----:|
| train | {train:.3f} | {loss:.3f} |
| test  | {test:.3f} | {test_loss:.3f} |

- [x] learning rate **{rate}**, cosine schedule
- [{mark}] test accuracy above 0.9

> {comment}
"""


def write(logdir: Path) -> None:
    """Writes three runs with 12 steps of notes and of generated text below `logdir`."""
    from cupola import SummaryWriter

    generator = np.random.default_rng(11)
    for rate in RATES:
        pace = (rate / RATES[0]) ** 0.4
        with SummaryWriter(str(Path(logdir) / f"lr {rate}")) as writer:
            for step in range(STEPS):
                done = 1 - np.exp(-5 * pace * step / (STEPS - 1))
                letters = [a if generator.random() < done else generator.choice(list(LETTERS)) for a in LINE]
                writer.add_text("samples/generated", "".join(letters), step * 100)
                if step % 3 == 2:
                    test = 0.1 + 0.85 * done
                    notes = NOTES.format(
                        step=step * 100,
                        rate=rate,
                        train=min(0.999, test + 0.03),
                        test=test,
                        loss=2.3 * (1 - done) + 0.04,
                        test_loss=2.3 * (1 - done) + 0.12,
                        mark="x" if test > 0.9 else " ",
                        comment="Ready to ship." if test > 0.9 else "Still learning; wait for the next one.",
                    )
                    writer.add_text("notes", notes, step * 100)
