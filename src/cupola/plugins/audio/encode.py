"""Audio to bytes: 16-bit PCM in a WAV file.

Source: tensorboard/compat/proto/summary.proto, message Summary.Audio (tensorboard 2.21.0);
    torch/utils/tensorboard/summary.py, audio (torch 2.13.0)
"""

from __future__ import annotations

import io
import logging
import wave
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongType, WrongValue
from cupola.events import event, wire
from cupola.values.arguments import check_tag
from cupola.values.arrays import Snapshot, as_number, snapshot
from cupola.values.deferred import Deferred

FULL_SCALE: Final = 32767

MAX_RATE: Final = 0xFFFF_FFFF
"""The header of a WAV file has 32 bits for it."""

log = logging.getLogger("cupola")


def audio(tag: str, snd_tensor: Any, sample_rate: int = 44100) -> Deferred:
    """A piece of audio.

    Args:
        tag: name of the series.
        snd_tensor: samples in [-1, 1] (clipped, with a warning), L, 1 x L or L x 1; stereo is L x 2 or 2 x L.
            int16 samples are taken as they are, masked ones are silent.
        sample_rate: in Hz.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    rate = as_number(sample_rate, "sample_rate")
    if not 1 <= rate <= MAX_RATE:
        raise WrongValue(f"sample_rate is {rate!r}; wanted a number of samples per second")
    taken = snapshot(snd_tensor, "snd_tensor", masked=0)
    if taken.dtype.kind == "c":
        raise WrongType(f"snd_tensor has dtype {taken.dtype}; wanted real numbers")
    if 0 in taken.shape:
        raise WrongValue(f"snd_tensor has shape {taken.shape} and no sample; wanted at least one")
    if len(_long_axes(taken.shape)) > 1 and (taken.ndim != 2 or 2 not in taken.shape):
        raise WrongValue(
            f"snd_tensor has shape {taken.shape}; wanted L, 1 x L, L x 1 (mono), L x 2 or 2 x L (stereo)"
        )
    return Deferred(tag, taken.nbytes, partial(_encode, tag, taken, int(rate)))


def _long_axes(shape: tuple[int, ...]) -> list[int]:
    return [size for size in shape if size > 1]


def _encode(tag: str, taken: Snapshot, rate: int) -> list[bytes]:
    samples = _samples(tag, _frames(taken.array()))
    length, channels = samples.shape
    with io.BytesIO() as file:
        with wave.open(file, "wb") as out:
            out.setnchannels(channels)
            out.setsampwidth(2)
            out.setframerate(rate)
            out.writeframes(samples.tobytes())
        encoded = file.getvalue()
    data = (
        wire.field_float(1, rate)
        + wire.field_varint(2, channels)
        + wire.field_varint(3, length)
        + wire.field_bytes(4, encoded)
        + wire.field_string(5, "audio/wav")
    )
    return [event.encode_value(tag, event.AUDIO, data)]


def _frames(array: NDArray[Any]) -> NDArray[Any]:
    """L x channels. What has one axis longer than 1 is mono, but 1 x 2 is one frame of stereo."""
    if array.ndim == 2 and array.shape[1] == 2:
        return array
    if array.ndim == 2 and array.shape[0] == 2 and array.shape[1] > 2:
        return array.T
    return array.reshape(-1, 1)


def _samples(tag: str, frames: NDArray[Any]) -> NDArray[np.int16]:
    if frames.dtype == np.int16:
        return frames.astype("<i2")
    wide = frames if frames.dtype.kind == "f" else frames.astype(np.float64)
    if not np.all(np.abs(wide) <= 1):
        log.warning(
            "audio %r: samples outside [-1, 1] are clipped; scale floats, or pass int16 samples as int16", tag
        )
    return np.asarray(np.nan_to_num(wide).clip(-1, 1) * FULL_SCALE, "<i2")
