"""Runs a training program in a process of its own, with a peer's writer or with cupola's in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
TIMEOUT_S = 400

AS_WRITTEN = ()
"""How a program is run that names its writer itself."""
COMPAT = ("-m", "cupola.compat")
"""How a program is run that names a peer's writer and shall get cupola's."""

# One thread: the order of additions, and with it the last bits of a loss, is the same in every run.
# No network: what would ask for it fails at once instead of waiting.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "MPLBACKEND": "Agg",
    "KERAS_BACKEND": "torch",
    "HF_HUB_OFFLINE": "1",
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
    "CLEARML_OFFLINE_MODE": "1",
    "MLFLOW_TRACKING_URI": "sqlite:///mlflow.db",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_AIR_NEW_OUTPUT": "0",
    "RAY_raylet_start_wait_time_s": "120",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_grafana_host": "",
    "DO_NOT_TRACK": "1",
}


def drive(
    source: str, folder: Path, how: tuple[str, ...] = AS_WRITTEN, python: str | Path = sys.executable
) -> Path:
    """Runs a program in the new directory `folder`, below which it is to log to `logs`, and returns that.

    An AssertionError with the end of its output if the program fails, or logs nothing.
    """
    folder.mkdir(parents=True)
    (folder / "train.py").write_text(source, "utf-8")
    command = [*how, "train.py"]
    done = subprocess.run(
        [str(python), *command],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(SOURCE), "HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=TIMEOUT_S,
    )
    (folder / "output.txt").write_text(done.stdout, "utf-8")
    said = f"`{' '.join(['python', *command])}` in {folder}"
    assert done.returncode == 0, f"{said} ended with {done.returncode}:\n{done.stdout[-4000:]}"
    assert any((folder / "logs").rglob("*tfevents*")), f"{said} logged nothing:\n{done.stdout[-4000:]}"
    return folder / "logs"
