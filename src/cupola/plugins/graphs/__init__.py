"""The graphs plugin."""

from cupola.events import event
from cupola.plugins import Plugin

PLUGIN = Plugin(
    name="graphs",
    aliases=(
        "graph_run_metadata",
        "graph_run_metadata_graph",
        "graph_keras_model",
        "graph_tagged_run_metadata",
    ),
    event_fields={
        event.FIELDS["graph_def"]: "__run_graph__",
        event.FIELDS["tagged_run_metadata"]: "__run_metadata__",
    },
)
