"""A small language model: samples of its text, histograms of weights and gradients, perplexity.

python examples/transformer.py
cupola --logdir logs
"""

import torch
from torch import Tensor, nn

from cupola import SummaryWriter  # was: from torch.utils.tensorboard import SummaryWriter

TEXT = "the cat sat on the mat. the dog sat on the log. the cat saw the dog, and the dog saw the cat. " * 40
LETTERS = sorted(set(TEXT))
CONTEXT = 32


class Block(nn.Module):
    """Causal self-attention, then a feed-forward network, each added to what came in."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, hidden: Tensor) -> Tensor:
        """B×T×width to the same."""
        q, k, v = (
            part.unflatten(2, (self.heads, -1)).transpose(1, 2)
            for part in self.qkv(self.norm1(hidden)).chunk(3, 2)
        )
        attended = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        hidden = hidden + self.out(attended.transpose(1, 2).flatten(2))
        return hidden + self.mlp(self.norm2(hidden))


class LanguageModel(nn.Module):
    """A causal transformer over letters."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.letters = nn.Embedding(len(LETTERS), width)
        self.places = nn.Embedding(CONTEXT, width)
        self.blocks = nn.Sequential(Block(width, 4), Block(width, 4))
        self.head = nn.Linear(width, len(LETTERS))

    def forward(self, tokens: Tensor) -> Tensor:
        """Scores B×T×letters of what follows tokens B×T."""
        hidden = self.letters(tokens) + self.places(torch.arange(tokens.shape[1]))
        return self.head(self.blocks(hidden))


def sample(model: LanguageModel, length: int = 80) -> str:
    """What the model writes after "the "."""
    tokens = torch.tensor([[LETTERS.index(letter) for letter in "the "]])
    for _ in range(length):
        scores = model(tokens[:, -CONTEXT:])[:, -1].softmax(1)
        tokens = torch.cat((tokens, torch.multinomial(scores, 1)), 1)
    return "".join(LETTERS[token] for token in tokens[0])


torch.manual_seed(0)
data = torch.tensor([LETTERS.index(letter) for letter in TEXT])
model = LanguageModel()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 100)

with SummaryWriter("logs/transformer") as writer:
    writer.add_text("config", f"|setting|value|\n|-|-|\n|context|{CONTEXT}|\n|letters|{len(LETTERS)}|")
    writer.add_graph(model, data[None, :CONTEXT])
    for step in range(100):
        starts = torch.randint(len(data) - CONTEXT - 1, (32, 1))
        batch = data[starts + torch.arange(CONTEXT + 1)]
        loss = nn.functional.cross_entropy(model(batch[:, :-1]).transpose(1, 2), batch[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        writer.add_scalar("train/loss", loss, step)
        writer.add_scalar("train/perplexity", loss.exp(), step)
        writer.add_scalar("train/learning rate", scheduler.get_last_lr()[0], step)
        if step % 20 == 19:
            with torch.no_grad():
                writer.add_text("sample", sample(model), step)
            for name, parameter in model.named_parameters():
                writer.add_histogram(f"weights/{name}", parameter, step)
                if parameter.grad is not None:
                    writer.add_histogram(f"gradients/{name}", parameter.grad, step)
    writer.add_embedding(model.letters.weight, metadata=LETTERS, tag="letters")
