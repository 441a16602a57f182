"""A run that is resumed: `purge_step` hides what the old life logged from that step on, in every tag."""

from cupola import SummaryWriter

with SummaryWriter(log_dir="logs/resume") as writer:
    for step in range(100):  # the first life ends at step 100 ...
        writer.add_scalar("train/loss", 1 / (step + 1), step)

with SummaryWriter(log_dir="logs/resume", purge_step=60) as writer:
    for step in range(60, 200):  # ... but its last checkpoint was at step 60
        writer.add_scalar("train/loss", 1 / (step + 1), step)
