"""The hparams plugin."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="hparams")
