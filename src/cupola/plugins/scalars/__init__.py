"""The scalars room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="scalars", forms=(2,))
