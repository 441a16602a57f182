"""The graphs room."""

from cupola.plugins import Plugin

PLUGIN = Plugin(
    name="graphs",
    aliases=(
        "graph_run_metadata",
        "graph_run_metadata_graph",
        "graph_keras_model",
        "graph_tagged_run_metadata",
    ),
    event_fields={4: "__run_graph__", 8: "__run_metadata__"},
)
