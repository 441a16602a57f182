"""Read a log directory back, every point of it, as columns (or a pandas frame, where pandas is installed)."""

import sys

import cupola

log = cupola.open(sys.argv[1] if len(sys.argv) > 1 else "logs")
for run in log.runs:
    for tag in log.tags(run=run):
        points = log.scalars(run=run, tag=tag)
        print(f"{run}  {tag}  {len(points)} points, last {points.value[-1]:.6g} at step {points.step[-1]}")
