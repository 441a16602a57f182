"""The audio room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="audio", forms=(6,))
