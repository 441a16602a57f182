"""Writes golden/projector: embeddings as torch's and tensorboardX's writers leave them, what TensorBoard's
projector plugin reads in them, and what we answer.

The page's tests read the answers, Python's tests all three. Run it after a deliberate change of an answer,
and look at the difference (`make golden`).
"""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from tests.support.memory_provider import MemoryProvider
from tests.support.room_client import RoomClient

from cupola.plugins.projector import api
from cupola.plugins.projector.config import FILE
from cupola.types import SeriesKey

GOLDEN = Path(__file__).parents[2] / "golden" / "projector"
QUERY = {"run": "logs", "name": "digits/out:00003"}
ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "embeddings.json": ("/embeddings", {}),
    "pca.columns": ("/pca", QUERY),
    "metadata.columns": ("/metadata", QUERY),
    "neighbours.json": ("/neighbours", {**QUERY, "index": 2, "count": 4}),
}


def write() -> None:
    shutil.rmtree(GOLDEN, ignore_errors=True)
    _write_logs(GOLDEN / "logs")
    (GOLDEN / "decoded.json").write_text(json.dumps(tensorboard_reads(GOLDEN / "logs"), indent=1) + "\n")
    for name, content in answers().items():
        (GOLDEN / name).write_bytes(content)


def _write_logs(logdir: Path) -> None:
    import tensorboardX
    import torch
    from torch.utils.tensorboard import SummaryWriter

    generator = torch.Generator().manual_seed(3)
    matrix = torch.randn(12, 5, generator=generator)
    images = torch.rand(12, 1, 6, 6, generator=generator)
    rows = [[f"class {index % 3}", index / 4, ""] for index in range(12)]
    with SummaryWriter(str(logdir)) as writer:
        writer.add_embedding(matrix, torch.arange(12) % 4, images, 0, "digits/out")
        writer.add_embedding(matrix * 2, rows, images, 3, "digits/out", ["class", "number", "empty"])
    with tensorboardX.SummaryWriter(str(logdir)) as writer:
        writer.add_embedding(matrix.numpy(), [f"naïve {index}" for index in range(12)], tag="words")
    for path in logdir.glob("events*"):
        path.unlink()


def tensorboard_reads(logdir: Path) -> list[dict[str, Any]]:
    """Every embedding as TensorBoard's own plugin gives it to its page."""
    from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
    from werkzeug.test import Client
    from werkzeug.wrappers import Response

    provider = mock.Mock()
    provider.list_runs.return_value = [SimpleNamespace(run_name=".")]
    apps = ProjectorPlugin(SimpleNamespace(data_provider=provider, logdir=str(logdir))).get_plugin_apps()

    def ask(route: str, **query: str) -> bytes:
        answer = Client(apps[route], Response).get(query_string={"run": ".", **query})
        assert answer.status_code == 200, answer.data
        return answer.data

    found = []
    for item in json.loads(ask("/info"))["embeddings"]:
        name = item["tensorName"]
        found.append({"info": item, "tensor": base64.b64encode(ask("/tensor", name=name)).decode()})
        found[-1]["metadata"] = ask("/metadata", name=name).decode()
    return found


def answers() -> dict[str, bytes]:
    """What our routes say, by file name."""
    provider = MemoryProvider()  # whose versions of files do not depend on their times
    for path in sorted((GOLDEN / "logs").rglob("*.*")):
        name = path.relative_to(GOLDEN / "logs").as_posix()
        plugin = "projector" if name == FILE else "other"
        provider.add_asset(SeriesKey("logs", plugin, name), path.read_bytes())
    room = RoomClient(api, provider)
    return {name: room.get(route, query).content for name, (route, query) in ANSWERS.items()}
