"""The skeleton of a plugin: audio clips, as `Summary.Audio` holds them."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="skeleton")
