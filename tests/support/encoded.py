"""What encoders gave, parsed by TensorBoard's own messages."""

from __future__ import annotations

import io

from PIL import Image
from tensorboard.compat.proto.summary_pb2 import Summary

from cupola.events.event import encode_summary
from cupola.values.deferred import Later


def summary(later: Later) -> Summary:
    """The values that a `Later` gives, as a `Summary`."""
    return Summary.FromString(encode_summary(*later()))


def value(later: Later) -> Summary.Value:
    """The one value that a `Later` gives."""
    (only,) = summary(later).value
    return only


def picture(message: Summary.Image) -> Image.Image:
    """The picture in a `Summary.Image`, whose declared size must be its own."""
    image = Image.open(io.BytesIO(message.encoded_image_string))
    image.load()
    assert image.size == (message.width, message.height)
    return image
