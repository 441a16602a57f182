"""The images room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="images", forms=(4,))
