"""What users of ignite do with its TensorboardLogger and each of its handlers."""

import torch
from ignite.engine import Events, create_supervised_evaluator, create_supervised_trainer
from ignite.handlers.tensorboard_logger import (
    GradsHistHandler,
    GradsScalarHandler,
    OptimizerParamsHandler,
    OutputHandler,
    TensorboardLogger,
    WeightsHistHandler,
    WeightsScalarHandler,
    global_step_from_engine,
)
from ignite.metrics import Accuracy, ConfusionMatrix, Loss
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def main(logdir: str) -> None:
    torch.manual_seed(0)
    data = TensorDataset(torch.randn(48, 8), torch.randint(0, 3, (48,)))
    model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    loss = nn.CrossEntropyLoss()
    trainer = create_supervised_trainer(model, optimizer, loss)
    metrics = {"accuracy": Accuracy(), "nll": Loss(loss), "confusion": ConfusionMatrix(3)}
    evaluator = create_supervised_evaluator(model, metrics)

    @trainer.on(Events.EPOCH_COMPLETED)
    def evaluate(engine):
        evaluator.run(DataLoader(data, 16))

    every = Events.ITERATION_COMPLETED(every=2)
    with TensorboardLogger(log_dir=logdir) as logger:
        logger.attach_output_handler(
            trainer, every, tag="training", output_transform=lambda loss: {"loss": loss, "pair": [loss, 2.0]}
        )
        logger.attach(
            evaluator,
            OutputHandler("validation", "all", global_step_transform=global_step_from_engine(trainer)),
            Events.EPOCH_COMPLETED,
        )
        logger.attach_opt_params_handler(trainer, every, optimizer)
        logger.attach(trainer, OptimizerParamsHandler(optimizer, "momentum", tag="sgd"), every)
        logger.attach(trainer, WeightsScalarHandler(model, reduction=torch.norm), every)
        logger.attach(trainer, WeightsHistHandler(model), Events.EPOCH_COMPLETED)
        logger.attach(trainer, GradsScalarHandler(model), every)
        logger.attach(trainer, GradsHistHandler(model, tag="gradients"), Events.EPOCH_COMPLETED)
        logger.writer.add_graph(model, torch.zeros(1, 8))
        logger.add_text("about", "a *note*")  # what the logger lacks, it asks of its writer
        trainer.run(DataLoader(data, 16), max_epochs=2)


if __name__ == "__main__":
    main("logs")
