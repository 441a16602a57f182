"""Texts to bytes.

Source: tensorboard/plugins/text/{metadata.py,plugin_data.proto} (tensorboard 2.21.0); the tag's ending is
    both peers'.
"""

from __future__ import annotations

from functools import partial

from cupola.errors import WrongType
from cupola.events import event, tensor
from cupola.values.arguments import check_tag, plain_text
from cupola.values.deferred import Deferred
from cupola.values.describe import describe

SUFFIX = "/text_summary"

# TextPluginData{version: 0} is an empty message.
METADATA = event.SummaryMetadata(plugin_name="text")


def text(tag: str, text_string: str) -> Deferred:
    """A text, which may be Markdown.

    Args:
        tag: name of the series; it stands as `<tag>/text_summary` in the file.
        text_string: a string (lone surrogates become `?`).

    Raises:
        WrongType: tag or text is no string.
    """
    tag = check_tag(tag)
    if not isinstance(text_string, str):
        kind = type(text_string).__qualname__
        raise WrongType(
            f"text_string is of type {kind} ({describe(text_string)}); wanted a string: use str() or "
            ".decode()"
        )
    return Deferred(tag, len(text_string), partial(_encode, tag, plain_text(text_string)))


def _encode(tag: str, text_string: str) -> list[bytes]:
    data = tensor.encode_strings([text_string.encode("utf-8", "replace")])
    return [event.encode_value(tag + SUFFIX, event.TENSOR, data, METADATA)]
