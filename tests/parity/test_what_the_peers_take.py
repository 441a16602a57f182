"""Every argument of every method × odd values: what torch's writer or tensorboardX takes, cupola takes."""

from __future__ import annotations

import datetime
import enum
import warnings
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest
import torch
import torch.utils.tensorboard
from PIL import Image
from tensorboardX import SummaryWriter as TensorboardX
from tests.values.test_bad_input import ARGUMENTS, CASES, SENSELESS

from cupola import SummaryWriter


class Word(str, enum.Enum):
    ADAM = "adam"


class Number(enum.IntEnum):
    TWO = 2


ODD: dict[str, Any] = {
    **{name: value for name, value in SENSELESS.items() if name not in ("hostile", "list in itself")},
    "None": None,
    "True": True,
    "zero": 0,
    "seven": 7,
    "float": 2.5,
    "digits": "7",
    "fraction in words": "2.5",
    "str enumeration": Word.ADAM,
    "IntEnum": Number.TWO,
    "Decimal": Decimal("1.5"),
    "Fraction": Fraction(3, 2),
    "NumPy str": np.str_("adam"),
    "NumPy bool": np.bool_(True),
    "float16": np.float16(0.5),
    "longdouble": np.longdouble(0.5),
    "0-d array": np.array(0.5),
    "array of one": np.array([[0.5]]),
    "array of bool": np.array([True, False]),
    "object array": np.array([0.5, 1], object),
    "empty vector": np.array([]),
    "array of digits": np.array(["1", "2"]),
    "date": datetime.datetime(2026, 1, 1),
    "path": PurePosixPath("a/b"),
    "list": [0.0, 1.0],
    "tuple": (0.0, 1.0),
    "list of words": ["a", "b"],
    "three words": ["a", "b", "c"],
    "range": range(2),
    "tensor": torch.tensor(0.5),
    "tensor of int": torch.tensor(7),
    "tensor of one": torch.tensor([0.5]),
    "tensor vector": torch.tensor([0.0, 1.0]),
    "tensor of two rows": torch.eye(2),
    "picture": Image.new("RGB", (4, 4)),
    "pictures": [Image.new("RGB", (4, 4))] * 2,
    "dict of numbers": {"a": 1, "b": 2.5},
}

UNREADABLE = {
    *("object", "type", "function", "bytes", "numbered dict", "structured", "dates", "none in an array"),
    *("meta", "sparse", "lazy", "masked"),
}
"""What stands for no plain value: a peer that takes it writes its `repr`, random numbers or nothing."""

ON_PURPOSE = {
    "tag": "None",  # a series without a name
    "values": "digits|fraction in words",  # texts are no distribution
    "max_bins": "huge|nan|inf|Fraction",
    "img_tensor": "empty|ragged|list|list of words|three words",  # an empty event
    "rescale": "digits",
    "fps": "*",  # tensorboardX does not look at it without moviepy
    "metadata": "dict of numbers",
    "vertices|colors|faces": "None|pictures",
    "num_thresholds": "*",  # only a number that is written down
    "tags": "*",  # letters of a word, or no tags
    "category|title": "None",
    "min|max|num|sum|sum_squares": "None",  # is 0 in the file
    "hparam_domain_discrete": "zero",
    "run_name|name": "empty|zero",
    "add_embedding global_step": "*",  # names a directory by whatever `str` says
}
"""Arguments to the odd values that a peer takes and writes nonsense for."""


def on_purpose(method: str, argument: str, name: str) -> bool:
    return name in UNREADABLE or any(
        (argument in key.split("|") or key == f"{method} {argument}")
        and (names == "*" or name in names.split("|"))
        for key, names in ON_PURPOSE.items()
    )


def taken(writer: Any, method: str, argument: str, value: Any) -> bool:
    """Whether a writer takes it without an error."""
    try:
        getattr(writer, method)(**{**ARGUMENTS[method], argument: value})
    except Exception:
        return False
    return True


@pytest.mark.parametrize(("method", "argument"), CASES)
def test_what_a_peer_takes_is_taken(tmp_path: Path, method: str, argument: str) -> None:
    missing = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = SummaryWriter(tmp_path / "ours")
        peers = torch.utils.tensorboard.SummaryWriter(tmp_path / "torch"), TensorboardX(str(tmp_path / "x"))
        try:
            for name, value in ODD.items():
                by = [
                    type(peer).__module__.split(".")[0]
                    for peer in peers
                    if taken(peer, method, argument, value)
                ]
                if by and not on_purpose(method, argument, name) and not taken(ours, method, argument, value):
                    missing.append(f"{name} ({' and '.join(by)})")
        finally:
            for writer in (ours, *peers):
                writer.close()
    assert not missing
