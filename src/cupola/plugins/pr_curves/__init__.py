"""The pr_curves room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="pr_curves")
