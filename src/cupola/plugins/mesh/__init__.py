"""The mesh room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="mesh")
