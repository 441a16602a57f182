"""The custom_scalars room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="custom_scalars")
