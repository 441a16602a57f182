"""Each plugin's routes, loaded by the first question to them: together the plugins take longer to load than
the catalog takes to answer, and a page begins with one room.
"""

from __future__ import annotations

import logging
import threading

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount, Router
from starlette.types import Receive, Scope, Send

from cupola.plugins import plugin_module, plugins
from cupola.provider import DataProvider

log = logging.getLogger(__name__)


class PluginRoutes:
    """The routes of one plugin, as an ASGI application."""

    def __init__(self, name: str, provider: DataProvider) -> None:
        self.name = name
        self._provider = provider
        self._loading = threading.Lock()
        self._loaded = False
        self._router: Router | None = None

    def load(self) -> Router | None:
        """The routes; None for a plugin that answers nothing: it has none, or its module cannot be loaded,
        which is logged once.
        """
        with self._loading:
            if not self._loaded:
                self._loaded = True
                try:
                    module = plugin_module(self.name, "api")
                    if module is not None:
                        self._router = Router(list(module.routes(self._provider)), redirect_slashes=False)
                except Exception:
                    log.exception("the plugin %s answers nothing: its api module failed", self.name)
            return self._router

    @property
    def routes(self) -> list[BaseRoute]:
        """Where a `Mount` looks for what is below it."""
        router = self.load()
        return [] if router is None else router.routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a question to the plugin."""
        router = self._router or await run_in_threadpool(self.load)
        if router is None:
            raise HTTPException(404)
        await router(scope, receive, send)


class AllPluginRoutes:
    """The routes of every plugin. One that cannot be loaded is left out; the others answer."""

    def __init__(self, provider: DataProvider) -> None:
        self._plugins = [PluginRoutes(name, provider) for name in plugins()]

    def mounts(self) -> list[Mount]:
        """Each plugin's routes under its name."""
        return [Mount(f"/{plugin.name}", app=plugin) for plugin in self._plugins]

    def answering(self) -> list[str]:
        """Names of the plugins that answer. All of them are loaded for it."""
        return [plugin.name for plugin in self._plugins if plugin.load() is not None]
