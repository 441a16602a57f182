"""The images plugin."""

from cupola.events import event
from cupola.plugins import Plugin

PLUGIN = Plugin(name="images", forms=(event.IMAGE,))
