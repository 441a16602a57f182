"""The projector room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="projector", assets=("projector_config.pbtxt",))
