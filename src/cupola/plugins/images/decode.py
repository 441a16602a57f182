"""Images from an event file's bytes: one batch of encoded images per step, never decoded here.

Source: tensorboard/compat/proto/summary.proto (`Summary.Image`), tensorboard/plugins/image/summary_v2.py
(`[width, height, image…]`),
tensorboard 2.21.0
"""

from __future__ import annotations

from dataclasses import dataclass

from cupola.errors import DecodeError
from cupola.events import event, tensor, wire


@dataclass(frozen=True, slots=True)
class Images:
    """The images of one step."""

    width: int
    """What the writer says, in pixels; 0 if it says nothing. The encoded bytes may say otherwise and are
    right then.
    """
    height: int
    samples: tuple[bytes, ...]
    """Encoded files (PNG, JPEG, GIF …), one per sample of the batch."""


def decode(value: bytes | memoryview) -> Images:
    """The images in an encoded `Summary.Value`: of the old form (field `image`) or of the new one (a string
    tensor).

    Raises:
        DecodeError: the value holds no images.
    """
    found = event.decode_value(value)
    if not isinstance(found.data, bytes) or found.form not in (event.IMAGE, event.TENSOR):
        raise DecodeError(f"a value of form {found.form} is no image; wanted field 4 (image) or 8 (tensor)")
    return _from_image(found.data) if found.form == event.IMAGE else _from_tensor(found.data)


def _from_image(message: bytes) -> Images:
    width = height = 0
    encoded = b""
    for number, _, value in wire.fields(message):
        if number == 1 and isinstance(value, int):
            height = wire.signed(value)
        elif number == 2 and isinstance(value, int):
            width = wire.signed(value)
        elif number == 4:
            encoded = bytes(wire.view_of(value))
    if not encoded:
        raise DecodeError("an image without bytes")
    return Images(width, height, (encoded,))


def _from_tensor(message: bytes) -> Images:
    strings = tensor.decode_tensor(message)
    if not isinstance(strings, list):
        raise DecodeError(f"images are a tensor of strings; this one holds {strings.dtype}")
    if len(strings) < 2:
        raise DecodeError(f"{len(strings)} strings; wanted width, height and one string per image")
    return Images(_size(strings[0]), _size(strings[1]), tuple(strings[2:]))


def _size(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else 0
