"""`add_hparams`: torch's three summaries where torch is right, and every kind of value kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, cast

import numpy as np
import pytest
import torch
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tests.support.encoded import summary
from torch.utils.tensorboard import summary as torch_summary

from cupola.errors import WrongType
from cupola.plugins.hparams import encode


def contents(message: Any) -> list[tuple[str, HParamsPluginData]]:
    """Tags and what they hold. (The order of a map's entries in bytes means nothing.)"""
    return [
        (one.tag, HParamsPluginData.FromString(one.metadata.plugin_data.content)) for one in message.value
    ]


def session(**hparams: object) -> dict[str, object]:
    """Hyperparameters as TensorBoard reads them."""
    _, (_, start), _ = contents(summary(encode.hparams(hparams, {})))
    return {
        name: getattr(value, value.WhichOneof("kind"))
        for name, value in start.session_start_info.hparams.items()
    }


def test_summaries_are_torchs() -> None:
    hparams = {"lr": 0.1, "batch": 32, "name": "adam", "nothing": None, "tensor": torch.tensor([2.5])}
    metrics = {"hparam/accuracy": 10, "hparam/loss": 10}
    domains: dict[str, list[Any]] = {"name": ["adam", "sgd"], "batch": [16, 32]}
    theirs = [one for made in torch_summary.hparams(hparams, metrics, domains) for one in contents(made)]
    made = summary(encode.hparams(hparams, metrics, domains))
    assert contents(made) == theirs
    assert all(one.metadata.plugin_data.plugin_name == "hparams" for one in made.value)


def test_every_kind_of_value_is_kept() -> None:
    given = {
        "bool": True,
        "numpy bool": np.bool_(False),
        "tensor bool": torch.tensor(True),
        "0-d": torch.tensor(0.5),
        "1x1": np.ones((1, 1)),
        "float32": np.float32(0.25),
        "int64": np.int64(-7),
        "bfloat16": torch.tensor(1.5, dtype=torch.bfloat16),
        "str": "x",
        "numpy str": np.str_("y"),
        "list": [64, 128],
        "path": PurePosixPath("a/b"),
        "dtype": torch.float32,
        "function": len,
        "class": dict,
        "none": None,
    }
    assert session(**given) == {
        "bool": True,
        "numpy bool": False,
        "tensor bool": True,
        "0-d": 0.5,
        "1x1": 1.0,
        "float32": 0.25,
        "int64": -7.0,
        "bfloat16": 1.5,
        "str": "x",
        "numpy str": "y",
        "list": "[64, 128]",
        "path": "a/b",
        "dtype": "torch.float32",
        "function": "len",
        "class": "dict",
    }
    kinds = {name: type(value) for name, value in session(**given).items()}
    assert kinds["bool"] is kinds["numpy bool"] is kinds["tensor bool"] is bool
    infos = contents(summary(encode.hparams(given, {})))[0][1].experiment.hparam_infos
    assert {info.name: info.type for info in infos} == {
        name: {str: 1, bool: 2, float: 3}[kind] for name, kind in kinds.items()
    }


def test_any_mapping_will_do() -> None:
    made = summary(encode.hparams(OrderedDict(a=1), OrderedDict(b=2)))
    assert contents(made)[0][1].experiment.metric_infos[0].name.tag == "b"


def test_a_domain_of_booleans() -> None:
    made = contents(summary(encode.hparams({"norm": True}, {}, {"norm": [True, False]})))
    (info,) = made[0][1].experiment.hparam_infos
    assert [item.bool_value for item in info.domain_discrete.values] == [True, False]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: encode.hparams(cast(Any, [1]), {}), TypeError, "hparam_dict is"),
        (lambda: encode.hparams({}, cast(Any, None)), TypeError, "metric_dict is None"),
        (lambda: encode.hparams(cast(Any, {1: 2}), {}), WrongType, "strings as keys"),
        (lambda: encode.hparams({"a": 1}, {}, {"b": [1]}), TypeError, "names no hyperparameter"),
        (lambda: encode.hparams({"a": 1}, {}, {"a": ["x"]}), TypeError, "list of int"),
        (lambda: encode.hparams({"a": 1}, {}, {"a": cast(Any, (1, 2))}), TypeError, "list of int"),
    ],
)
def test_refuses_at_the_call(call: Callable[[], object], error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        call()
