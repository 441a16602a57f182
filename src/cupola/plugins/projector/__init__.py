"""The projector plugin: high-dimensional vectors as a cloud of points, from files beside the event files."""

from cupola.plugins import Plugin

PLUGIN = Plugin(name="projector", assets=("projector_config.pbtxt",))
