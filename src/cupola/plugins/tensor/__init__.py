"""The tensor plugin: arrays as they are, written by torch's add_tensor."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="tensor")
