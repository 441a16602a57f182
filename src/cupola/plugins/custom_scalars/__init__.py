"""The custom_scalars plugin."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="custom_scalars")
