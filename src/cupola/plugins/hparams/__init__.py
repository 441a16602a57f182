"""The hparams room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="hparams")
