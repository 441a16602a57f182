"""What users of Keras 3 with the torch backend do: its own callback needs TensorFlow, so they write one."""

import keras
import numpy as np
from torch.utils.tensorboard import SummaryWriter


class TensorBoard(keras.callbacks.Callback):
    """Logs as `keras.callbacks.TensorBoard` does: runs `train` and `validation`, tags `epoch_<metric>`."""

    def __init__(self, logdir: str) -> None:
        super().__init__()
        self.train, self.validation = SummaryWriter(f"{logdir}/train"), SummaryWriter(f"{logdir}/validation")

    def on_epoch_end(self, epoch, logs=None):
        for name, value in (logs or {}).items():
            writer = self.validation if name.startswith("val_") else self.train
            writer.add_scalar(f"epoch_{name.removeprefix('val_')}", value, epoch)
        self.train.add_scalar("epoch_learning_rate", self.model.optimizer.learning_rate.value, epoch)
        for layer in self.model.layers:
            for weight in layer.weights:
                self.train.add_histogram(f"{weight.path}/histogram", weight.value, epoch)
        kernel = keras.ops.convert_to_numpy(self.model.layers[0].kernel)
        self.train.add_image("kernel", kernel, epoch, dataformats="HW")

    def on_train_batch_end(self, batch, logs=None):
        self.train.add_scalar("batch_loss", logs["loss"], int(self.model.optimizer.iterations))

    def on_train_end(self, logs=None):
        self.train.add_text("model", self.model.to_json())
        self.train.add_graph(self.model, keras.ops.zeros((1, 8)))
        self.train.close()
        self.validation.close()


def main(logdir: str) -> None:
    keras.utils.set_random_seed(0)
    x, y = np.random.rand(40, 8).astype("float32"), np.random.randint(0, 3, 40)
    model = keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(3, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=3, validation_split=0.25, callbacks=[TensorBoard(logdir)], verbose=0)


if __name__ == "__main__":
    main("logs")
