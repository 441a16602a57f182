"""Sequences: recurrent states, packed sequences, caches of keys and values."""

from __future__ import annotations

import dataclasses
from typing import Any

import torch
from tests.zoo.registry import zoo
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


class Tagger(nn.Module):
    """Takes a packed sequence, which is a named tuple, as one argument."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.out = nn.LSTM(4, 5, 2, batch_first=True, bidirectional=True), nn.Linear(10, 3)

    def forward(self, packed: PackedSequence) -> Tensor:
        made, _ = self.lstm(packed)
        return self.out(pad_packed_sequence(made, batch_first=True)[0])


@zoo(quick=True)
def packed_sequence() -> Any:
    packed = pack_padded_sequence(torch.rand(3, 6, 4), torch.tensor([6, 4, 2]), batch_first=True)
    return Tagger(), packed, lambda model, given: model(given)


class Stream(nn.Module):
    """Keeps its state from call to call (truncated backpropagation)."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 4)
        self.state: tuple[Tensor, ...] | None = None

    def forward(self, x: Tensor) -> Tensor:
        made, state = self.lstm(x, self.state)
        self.state = tuple(item.detach() for item in state)
        return made


@zoo(quick=True)
def recurrent_state_kept() -> Any:
    return Stream(), torch.rand(3, 2, 4)


class Attention(nn.Module):
    """Decoder attention with rotary positions that are computed once, and a cache that grows."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(8, 24), nn.Linear(8, 8)
        self.keys: Tensor | None = None
        self.values: Tensor | None = None
        self.rotary: tuple[Tensor, Tensor] | None = None

    def forward(self, x: Tensor) -> Tensor:
        if self.rotary is None or len(self.rotary[0]) < x.shape[1]:
            angles = torch.outer(torch.arange(16.0), 10 ** -torch.arange(4.0))
            self.rotary = (angles.cos().repeat(1, 2), angles.sin().repeat(1, 2))
        q, k, v = self.qkv(x).chunk(3, -1)
        cos, sin = (item[: x.shape[1]] for item in self.rotary)
        k = k * cos + torch.cat([-k[..., 4:], k[..., :4]], -1) * sin
        if not self.training and self.keys is not None:
            k, v = torch.cat([self.keys, k], 1), torch.cat([self.values, v], 1)
        self.keys, self.values = k.detach(), v.detach()
        return self.out(F.scaled_dot_product_attention(q, k, v))


@zoo(quick=True)
def key_value_cache() -> Any:
    return Attention(), torch.rand(2, 5, 8)


class StaticCache(nn.Module):
    """Keys written in place into a buffer, at a position that counts."""

    def __init__(self) -> None:
        super().__init__()
        self.project, self.position = nn.Linear(4, 4), 0
        self.register_buffer("keys", torch.zeros(2, 32, 4), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        end = self.position + x.shape[1]
        self.keys[:, self.position : end] = self.project(x).detach()
        self.position = end
        return self.project(x) @ self.keys[:, :end].clone().mT


@zoo()
def static_cache() -> Any:
    return StaticCache(), torch.rand(2, 3, 4)


class Seq2Seq(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(9, 4)
        self.encoder, self.decoder = nn.GRU(4, 4, batch_first=True), nn.GRUCell(4, 4)
        self.out = nn.Linear(4, 9)

    def forward(self, source: Tensor, target: Tensor, teacher_forcing: float = 0.5) -> Tensor:
        _, hidden = self.encoder(self.embedding(source))
        hidden, token, made = hidden[0], target[:, 0], []
        for step in range(target.shape[1]):
            hidden = self.decoder(self.embedding(token), hidden)
            made.append(self.out(hidden))
            forced = bool(torch.rand(()) < teacher_forcing)
            token = target[:, step] if forced else made[-1].argmax(-1)
        return torch.stack(made, 1)


@zoo()
def sequence_to_sequence() -> Any:
    return Seq2Seq(), (torch.randint(0, 9, (2, 5)), torch.randint(0, 9, (2, 4)))


@zoo()
def transformer() -> Any:
    model = nn.Transformer(8, 2, 1, 1, 16, batch_first=True)
    return model, {"src": torch.rand(2, 5, 8), "tgt": torch.rand(2, 4, 8), "tgt_is_causal": True} | {
        "tgt_mask": nn.Transformer.generate_square_subsequent_mask(4)
    }


@zoo()
def temporal_convolution() -> Any:
    class Causal(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convs = nn.ModuleList(nn.Conv1d(4, 4, 2, dilation=2**level) for level in range(3))

        def forward(self, x: Tensor) -> Tensor:
            for level, conv in enumerate(self.convs):
                x = x + F.glu(conv(F.pad(x, (2**level, 0))).repeat(1, 2, 1), 1)
            return x

    return Causal(), torch.rand(2, 4, 8)


@zoo()
def state_space() -> Any:
    class StateSpace(nn.Module):
        """A scan, step by step."""

        def __init__(self) -> None:
            super().__init__()
            self.decay, self.project = nn.Parameter(torch.rand(4)), nn.Linear(4, 8)

        def forward(self, x: Tensor) -> Tensor:
            gate, value = self.project(x).chunk(2, -1)
            hidden, made = torch.zeros_like(x[:, 0]), []
            for step in range(x.shape[1]):
                hidden = hidden * torch.exp(-self.decay.abs()) + gate[:, step].sigmoid() * value[:, step]
                made.append(hidden)
            return torch.stack(made, 1)

    return StateSpace(), torch.rand(2, 5, 4)


@zoo()
def speech_features() -> Any:
    class Spectrogram(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("window", torch.hann_window(16))
            self.conv = nn.Conv1d(9, 4, 3)

        def forward(self, wave: Tensor) -> Tensor:
            spectrum = torch.stft(wave, 16, 8, window=self.window, return_complex=True)
            return self.conv(spectrum.abs().square().clamp(min=1e-6).log())

    return Spectrogram(), torch.randn(2, 128)


@zoo()
def connectionist_loss() -> Any:
    class Loss(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.ctc = nn.LSTM(4, 6), nn.CTCLoss()

        def forward(self, x: Tensor, wanted: Tensor, lengths: Tensor) -> Tensor:
            made = self.lstm(x)[0].log_softmax(-1)
            return self.ctc(made, wanted, torch.full((x.shape[1],), len(x)), lengths)

    return Loss(), (torch.rand(10, 2, 4), torch.randint(1, 6, (2, 3)), torch.tensor([3, 2]))


@dataclasses.dataclass
class Batch:
    tokens: Tensor
    lengths: list[int]
    mask: Tensor | None = None


class Pooled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(9, 4, padding_idx=0)

    def forward(self, batch: Batch) -> Batch:
        made = [
            self.embedding(row[:end]).mean(0) for row, end in zip(batch.tokens, batch.lengths, strict=True)
        ]
        return Batch(torch.stack(made), batch.lengths)


@zoo(quick=True)
def dataclass_in_and_out() -> Any:
    return Pooled(), Batch(torch.randint(0, 9, (2, 5)), [5, 3]), lambda model, given: model(given)
