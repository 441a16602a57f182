"""`add_audio`: torch's samples; stereo, as tensorboardX has it; int16 as it is."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable

import numpy as np
import pytest
import torch
from tests.support.encoded import summary, value
from torch.utils.tensorboard import summary as torch_summary

from cupola.errors import WrongType, WrongValue
from cupola.plugins.audio import encode
from cupola.values.deferred import Deferred

RNG = np.random.default_rng(0)


def samples(deferred: Deferred) -> np.ndarray:
    """L x channels, read by the standard library."""
    audio = value(deferred).audio
    with wave.open(io.BytesIO(audio.encoded_audio_string)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (audio.sample_rate, 2)
        assert (file.getnframes(), file.getnchannels()) == (audio.length_frames, audio.num_channels)
        return np.frombuffer(file.readframes(-1), "<i2").reshape(-1, file.getnchannels())


@pytest.mark.parametrize(
    "data",
    [
        RNG.random(99) * 2 - 1,
        RNG.random((1, 50), np.float32),
        torch.rand(50, 1),
        torch.rand(1, 1, 7),
        np.arange(42.0),
        np.zeros(3, int),
        np.array([-1.0, 1.0, 0.99999]),
    ],
)
@pytest.mark.parametrize("rate", [44100, 16000])
def test_mono_is_torchs(data: object, rate: int) -> None:
    assert summary(encode.audio("t", data, rate)) == torch_summary.audio("t", data, rate)


def test_stereo_in_both_orders() -> None:
    data = RNG.random((100, 2)) * 2 - 1
    wanted = (data * 32767).astype("i2")
    np.testing.assert_array_equal(samples(encode.audio("t", data)), wanted)
    np.testing.assert_array_equal(samples(encode.audio("t", data.T)), wanted)
    assert value(encode.audio("t", data)).audio.num_channels == 2


def test_int16_is_pcm_already() -> None:
    data = np.array([-32768, 0, 1, 32767], np.int16)
    assert samples(encode.audio("t", torch.from_numpy(data)))[:, 0].tolist() == data.tolist()


def test_out_of_range_is_clipped_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert samples(encode.audio("my tag", np.array([2.0, -np.inf, np.nan, 0.5])))[:, 0].tolist() == [
        32767,
        -32767,
        0,
        16383,
    ]
    assert "my tag" in caplog.text
    caplog.clear()
    samples(encode.audio("t", np.array([1.0, -1.0])))
    assert not caplog.text


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: encode.audio("t", np.empty(0)), WrongValue, "no sample"),
        (lambda: encode.audio("t", np.zeros((5, 3))), WrongValue, r"\(5, 3\).*2 x L"),
        (lambda: encode.audio("t", np.zeros((2, 5, 3))), WrongValue, "mono"),
        (lambda: encode.audio("t", np.zeros(5, complex)), WrongType, "complex"),
        (lambda: encode.audio("t", np.zeros(5), 0), WrongValue, "sample_rate is 0"),
        (lambda: encode.audio("t", "sound.wav"), WrongType, "snd_tensor"),
    ],
)
def test_refuses_at_the_call(call: Callable[[], object], error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        call()
