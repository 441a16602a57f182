"""Under `cupola.compat`, where TensorBoard is not installed: frameworks look for it before they use
`torch.utils.tensorboard`, which is cupola's then and needs nothing of it. There is no viewer in here: see
`cupola --help`, or `pip install tensorboard`.
"""

__version__ = "2.21.0"  # whose writer cupola's was compared with


def __getattr__(name: str) -> None:
    raise AttributeError(
        f"tensorboard.{name}: TensorBoard is not installed, cupola.compat only stands in for its writer; "
        "pip install tensorboard"
    )
