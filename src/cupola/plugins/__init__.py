"""The plugins: one folder per kind of summary, found by folder. README.md beside this file says how to add
one.

A plugin's `__init__.py` holds `PLUGIN = Plugin(...)`. Its other modules, each optional: `encode` (values to
bytes, for the writer), `decode` (bytes to values), `api` (`routes(provider)`, mounted under `/api/<name>/`)
and `demo` (`write(logdir)`).
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a plugin claims of an event file."""

    name: str
    """The folder's name, which is the plugin_name in event files, the URL segment and the page's hash."""
    aliases: tuple[str, ...] = ()
    """Further plugin_names in summary metadata that belong to this plugin."""
    forms: tuple[int, ...] = ()
    """`Summary.Value` oneof fields that, without metadata, mean this plugin (files older than metadata, and
    torch's).
    """
    event_fields: Mapping[int, str] = field(default_factory=dict)
    """Fields of `Event` itself that belong to this plugin, each with the tag under which its bytes appear."""
    assets: tuple[str, ...] = ()
    """Patterns (`fnmatch`, `*` stands for no `/`) of files below a run's directory: each file is a series of
    this plugin (data class ASSET, tag = its path there) and makes the directory a run, as
    `plugins/profile/*/*.xplane.pb` would.
    """


@lru_cache
def plugins() -> Mapping[str, Plugin]:
    """Every plugin by its name, in alphabetical order."""
    found = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if module.ispkg:
            plugin = importlib.import_module(f"{__name__}.{module.name}").PLUGIN
            if plugin.name != module.name:
                seen = f"the folder {module.name}/ declares the plugin {plugin.name!r}"
                raise ImportError(f"{seen}; both must be one name")
            found[plugin.name] = plugin
    return found


def plugin_module(name: str, module: str) -> ModuleType | None:
    """The module `cupola.plugins.<name>.<module>`, or None if that plugin has none."""
    full_name = f"{__name__}.{name}.{module}"
    if importlib.util.find_spec(full_name) is None:
        return None
    return importlib.import_module(full_name)
