"""REINFORCE in a corridor: returns of each episode, a video of one, and a run for each learning rate.

python examples/reinforce.py
cupola --logdir logs
"""

import torch
from torch import Tensor, nn

from cupola import SummaryWriter  # was: from torch.utils.tensorboard import SummaryWriter

CELLS, LIMIT = 9, 40


def play(policy: nn.Module) -> tuple[list[int], Tensor, float]:
    """One episode: its cells, the log-probabilities of its steps, its return: −1 a step to the right end."""
    cell, cells = CELLS // 3, [CELLS // 3]
    taken: list[Tensor] = []
    while cell < CELLS - 1 and len(taken) < LIMIT:
        state = nn.functional.one_hot(torch.tensor(cell), CELLS).float()
        choice = torch.distributions.Categorical(logits=policy(state))
        action = choice.sample()
        taken.append(choice.log_prob(action))
        cell = max(0, cell + (1 if action.item() else -1))
        cells.append(cell)
    return cells, torch.stack(taken), -float(len(taken))


def video(cells: list[int]) -> Tensor:
    """Frames 1×T×3×8×(8·CELLS), uint8: the agent white, the goal green."""
    frames = torch.zeros(1, len(cells), 3, 8, 8 * CELLS, dtype=torch.uint8)
    frames[..., 1, :, -8:] = 160
    for time, cell in enumerate(cells):
        frames[0, time, :, :, 8 * cell : 8 * cell + 8] = 255
    return frames


for learning_rate in (0.01, 0.1):
    torch.manual_seed(0)
    policy = nn.Linear(CELLS, 2)
    optimizer = torch.optim.Adam(policy.parameters(), lr=learning_rate)
    average = -float(LIMIT)
    with SummaryWriter(f"logs/reinforce/lr {learning_rate}") as writer:
        for episode in range(120):
            cells, log_probabilities, total = play(policy)
            loss = -log_probabilities.sum() * (total - average)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            average += 0.1 * (total - average)
            writer.add_scalar("episode/return", total, episode)
            writer.add_scalar("episode/average return", average, episode)
            if episode % 40 == 39:
                writer.add_video("episode", video(cells), episode, fps=8)
                writer.add_histogram("policy/weights", policy.weight, episode)
        writer.add_hparams({"lr": learning_rate, "cells": CELLS}, {"final/average return": average})
