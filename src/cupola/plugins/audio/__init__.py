"""The audio plugin."""

from cupola.events import event
from cupola.plugins import Plugin

PLUGIN = Plugin(name="audio", forms=(event.AUDIO,))
