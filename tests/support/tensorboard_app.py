"""TensorBoard itself over a log directory, in this process: its loaders and plugins behind its routes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tensorboard import default, program
from tensorboard.backend import application
from tensorboard.backend.event_processing.data_ingester import LocalDataIngester
from werkzeug.test import Client

KINDS = ("scalars", "histograms", "images", "audio", "text", "pr_curves", "mesh")


class TensorBoardApp:
    """Answers of TensorBoard's plugins; nothing is sampled."""

    def __init__(self, logdir: Path) -> None:
        board = program.TensorBoard(plugins=default.get_static_plugins())
        keep = ",".join(f"{kind}=10000" for kind in KINDS)
        options = [
            "--logdir",
            str(logdir),
            "--load_fast",
            "false",
            "--reload_interval",
            "0",
            "--reload_task",
            "blocking",
        ]
        board.configure(argv=["tensorboard", *options, "--samples_per_plugin", keep])
        ingester = LocalDataIngester(board.flags)
        ingester.start()
        app = application.TensorBoardWSGIApp(
            board.flags, board.plugin_loaders, ingester.data_provider, None, ingester.deprecated_multiplexer
        )
        self._client = Client(app)

    def get(self, route: str, **query: Any) -> Any:
        """The JSON of `/data/plugin/<route>`; `run` is `.` if it is not given."""
        return self._answer("get", route, query_string={"run": ".", **query}).get_json()

    def bytes(self, route: str, query: str) -> bytes:
        """The body of `/data/plugin/<route>?<query>`."""
        return self._answer("get", f"{route}?{query}").get_data()

    def post(self, route: str, document: Any) -> Any:
        """The JSON that a posted document is answered with."""
        return self._answer("post", route, json=document).get_json()

    def _answer(self, method: str, route: str, **options: Any) -> Any:
        answer = getattr(self._client, method)(f"/data/plugin/{route}", **options)
        assert answer.status_code == 200, (route, answer.status_code, answer.get_data()[:500])
        return answer
