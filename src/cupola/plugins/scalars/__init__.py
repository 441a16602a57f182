"""The scalars plugin."""

from cupola.events import event
from cupola.plugins import Plugin

PLUGIN = Plugin(name="scalars", forms=(event.SIMPLE_VALUE,))
