"""A clip from an event file's bytes.

Source: tensorboard/compat/proto/summary.proto (`Summary.Audio`), tensorboard 2.21.0
"""

from __future__ import annotations

from cupola.errors import DecodeError
from cupola.events import event, wire


def decode(value: bytes | memoryview) -> tuple[int, bytes]:
    """The number of frames of an encoded `Summary.Value`'s audio, 0 if the writer does not say, and its file.

    Raises:
        DecodeError: the value holds no audio.
    """
    found = event.decode_value(value)
    if found.form != event.AUDIO or not isinstance(found.data, bytes):
        raise DecodeError(f"a value of form {found.form} is no audio; wanted field {event.AUDIO} (audio)")
    frames, file = 0, b""
    for number, _, field in wire.fields(found.data):
        if number == 3 and isinstance(field, int):
            frames = field
        elif number == 4:
            file = bytes(wire.view_of(field))
    return frames, file
