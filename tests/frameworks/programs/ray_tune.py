"""What users of Ray Tune get by default: numbers, pictures, histograms and hyperparameters of each trial."""

from pathlib import Path

import numpy as np
import ray
from ray import tune


def objective(config: dict) -> None:
    generator = np.random.default_rng(int(config["seed"]))
    for step in range(4):
        tune.report(
            {
                "loss": config["lr"] / (step + 1),
                "nested": {"a": step, "b": {"c": np.float32(step / 3)}},
                "nan": float("nan"),
                "text": "not a number",
                "values": generator.normal(size=50).tolist(),
                "array": generator.normal(size=20),
                "image": (generator.random((3, 8, 8)) * 255).astype("uint8"),
                "images": generator.random((2, 3, 8, 8)).astype("float32"),
            }
        )


def main(logdir: str) -> None:
    ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", logging_level="warning")
    tuner = tune.Tuner(
        objective,
        param_space={
            "lr": tune.grid_search([0.1, 0.2]),
            "act": tune.choice(["relu"]),
            "wide": tune.choice([True]),
            "size": tune.choice([np.int64(3)]),
            "none": tune.choice([None]),
            "seed": 5,
        },
        tune_config=tune.TuneConfig(
            trial_dirname_creator=lambda trial: f"lr_{trial.evaluated_params['lr']}", max_concurrent_trials=1
        ),
        run_config=tune.RunConfig(storage_path=str(Path(logdir).absolute()), name="sweep", verbose=0),
    )
    results = tuner.fit()
    assert not results.errors, results.errors
    ray.shutdown()


if __name__ == "__main__":
    main("logs")
