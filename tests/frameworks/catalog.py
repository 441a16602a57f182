"""The frameworks of the tier: what each is called, what is installed for it, what differs from run to run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Framework:
    """A framework or tracker, with a page `docs/with/<name>.md`."""

    name: str
    package: str
    """What it is called where it is installed from."""
    durations: str = ""
    """A pattern of the tags whose values are times, so that of their points only the steps are alike."""
    needs_peer: str = ""
    """Why its program cannot do without a peer that is installed."""

    @property
    def program(self) -> str:
        """What its users write, at some length."""
        return (HERE / "programs" / f"{self.name}.py").read_text("utf-8")

    @property
    def page(self) -> Path:
        return ROOT / "docs" / "with" / f"{self.name}.md"

    @property
    def version(self) -> str | None:
        """That of what is installed; None if it is not."""
        try:
            return metadata.version(self.package)
        except metadata.PackageNotFoundError:
            return None

    def require(self) -> None:
        """Skips the test if the framework is missing, and says so; where everything must be there, fails."""
        if self.version is None:
            told = f"{self.package} is not installed (`make test-frameworks` installs what it runs)"
            (pytest.fail if "CUPOLA_TEST_ALL" in os.environ else pytest.skip)(told)


FRAMEWORKS = (
    Framework("accelerate", "accelerate"),
    Framework("fastai", "fastai"),
    Framework("ignite", "pytorch-ignite"),
    Framework("keras", "keras"),
    Framework("lightning", "lightning"),
    Framework("monai", "monai", needs_peer="MONAI makes its animations of TensorBoard's own messages"),
    Framework("ray_tune", "ray", durations="time|date"),
    Framework("skorch", "skorch", durations="^dur$"),
    Framework("stable_baselines3", "stable-baselines3", durations="^time/"),
    Framework("transformers", "transformers", durations="_runtime|/runtime|per_second"),
)
"""Those that log by a peer's writer, each with a program `programs/<name>.py`."""

TRACKERS = (Framework("clearml", "clearml"), Framework("mlflow", "mlflow"), Framework("wandb", "wandb"))
"""Those that collect what a program logs by a peer's writer."""
