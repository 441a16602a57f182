"""The pr_curves plugin."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="pr_curves")
