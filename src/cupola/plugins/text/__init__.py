"""The text room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="text")
