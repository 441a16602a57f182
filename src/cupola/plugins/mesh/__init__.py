"""The mesh plugin."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="mesh")
