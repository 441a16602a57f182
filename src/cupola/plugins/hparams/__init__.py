"""The hparams plugin."""

from typing import Final

from cupola.plugins import Plugin

PLUGIN = Plugin(name="hparams")

# Tags. Source: tensorboard/plugins/hparams/metadata.py (tensorboard 2.21.0)
EXPERIMENT: Final = "_hparams_/experiment"
SESSION_START: Final = "_hparams_/session_start_info"
SESSION_END: Final = "_hparams_/session_end_info"
