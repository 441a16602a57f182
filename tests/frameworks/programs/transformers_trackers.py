"""What users of transformers do who report to TensorBoard, MLflow and W&B at once."""

import os

import torch
from torch.utils.data import Dataset
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)


class Sentences(Dataset):
    def __init__(self, count: int) -> None:
        generator = torch.Generator().manual_seed(count)
        self.words = torch.randint(0, 50, (count, 12), generator=generator)

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, index: int) -> dict:
        return {"input_ids": self.words[index], "labels": int(self.words[index, 0]) % 2}


class Remarks(TrainerCallback):
    """Logs what the default callback is known to meet: text, and a value that is neither."""

    def on_epoch_end(self, args, state, control, **kwargs):
        self.trainer.log({"remark": f"epoch {state.epoch}", "whole": 7, "odd": [1, 2]})


def metrics(prediction) -> dict:
    return {"accuracy": (prediction.predictions.argmax(-1) == prediction.label_ids).mean().item()}


def main(logdir: str) -> None:
    os.environ["TENSORBOARD_LOGGING_DIR"] = logdir
    set_seed(0)
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=50, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16
        )
    )
    remarks = Remarks()
    remarks.trainer = trainer = Trainer(
        model,
        TrainingArguments(
            "checkpoints",
            num_train_epochs=2,
            per_device_train_batch_size=8,
            logging_steps=1,
            logging_first_step=True,
            eval_strategy="epoch",
            save_strategy="no",
            report_to=["tensorboard", "mlflow", "wandb"],
            use_cpu=True,
            seed=0,
            disable_tqdm=True,
        ),
        train_dataset=Sentences(32),
        eval_dataset=Sentences(16),
        compute_metrics=metrics,
        callbacks=[remarks],
    )
    trainer.train()
    trainer.evaluate()


if __name__ == "__main__":
    main("logs")
