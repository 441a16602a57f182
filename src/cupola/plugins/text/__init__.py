"""The text plugin."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="text")
