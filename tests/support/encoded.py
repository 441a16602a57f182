"""What encoders gave, parsed by TensorBoard's own messages."""

from __future__ import annotations

import io

from PIL import Image
from tensorboard.compat.proto.summary_pb2 import Summary

from cupola.events.event import encode_summary
from cupola.values.deferred import Deferred


def summary(deferred: Deferred) -> Summary:
    """The values that a `Deferred` gives, as a `Summary`."""
    return Summary.FromString(encode_summary(*deferred.encode()))


def value(deferred: Deferred) -> Summary.Value:
    """The one value that a `Deferred` gives."""
    (only,) = summary(deferred).value
    return only


def decoded(message: Summary.Image) -> Image.Image:
    """The image in a `Summary.Image`, whose declared size must be its own."""
    image = Image.open(io.BytesIO(message.encoded_image_string))
    image.load()
    assert image.size == (message.width, message.height)
    return image
