"""What users of stable-baselines3 do: `tensorboard_log=`, and a callback that records all kinds of values."""

import gymnasium
import matplotlib.pyplot as plt
import numpy as np
import torch
from gymnasium import spaces
from stable_baselines3 import A2C, PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Figure, HParam, Image


class Line(gymnasium.Env):
    """Walk to the right end of a line."""

    observation_space = spaces.Box(-1, 1, (1,), np.float32)
    action_space = spaces.Discrete(2)

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        self.place, self.age = 0, 0
        return self.seen(), {}

    def seen(self):
        return np.array([self.place / 5], np.float32)

    def step(self, action):
        self.place = max(-5, min(5, self.place + (1 if action else -1)))
        self.age += 1
        return self.seen(), float(self.place == 5), self.place == 5, self.age > 20, {}


class Recorder(BaseCallback):
    def _on_training_start(self) -> None:
        hparams = {
            "algorithm": type(self.model).__name__,
            "lr": 1e-3,
            "gamma": self.model.gamma,
            "clip": True,
        }
        metrics = {"rollout/ep_len_mean": 0, "train/value_loss": 0.0}
        self.logger.record("hparams", HParam(hparams, metrics), exclude=("stdout", "log", "json", "csv"))

    def _on_step(self) -> bool:
        self.logger.record("random/value", np.float64(self.num_timesteps) / 3)
        self.logger.record("random/int", np.int64(self.num_timesteps))
        self.logger.record("random/flag", self.num_timesteps % 2 == 0)
        self.logger.record_mean("random/mean", self.num_timesteps)
        self.logger.record("text", f"step {self.num_timesteps}")
        return True

    def _on_rollout_end(self) -> None:
        figure, axes = plt.subplots()
        axes.plot(self.locals["rollout_buffer"].rewards.ravel()[:50])
        everywhere_else = ("stdout", "log", "json", "csv")
        self.logger.record("trajectory", Figure(figure, close=True), exclude=everywhere_else)
        self.logger.record("image", Image(np.eye(16, dtype=np.float32), "HW"), exclude=everywhere_else)
        self.logger.record("rewards", self.locals["rollout_buffer"].rewards, exclude=everywhere_else)
        self.logger.record("tensor", torch.linspace(0, 1, 20), exclude=everywhere_else)


def main(logdir: str) -> None:
    for algorithm in (PPO, A2C):
        model = algorithm("MlpPolicy", Line(), n_steps=64, tensorboard_log=logdir, seed=0, device="cpu")
        model.learn(512, log_interval=1, callback=Recorder(), tb_log_name=algorithm.__name__.lower())
        model.learn(128, log_interval=1, reset_num_timesteps=False, tb_log_name=algorithm.__name__.lower())


if __name__ == "__main__":
    main("logs")
