"""The histograms room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="histograms", forms=(5,))
