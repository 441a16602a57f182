"""The histograms plugin."""

from cupola.events import event
from cupola.plugins import Plugin

PLUGIN = Plugin(name="histograms", forms=(event.HISTO,))
