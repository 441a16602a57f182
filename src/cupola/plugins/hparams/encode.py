"""Hyperparameters to bytes: three summaries that hold nothing but metadata.

Source: tensorboard/plugins/hparams/{api.proto,plugin_data.proto,metadata.py} (tensorboard 2.21.0);
    google/protobuf/struct.proto
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cupola.errors import WrongType
from cupola.events import event, wire
from cupola.plugins.hparams import EXPERIMENT, SESSION_END, SESSION_START
from cupola.plugins.hparams.plain import Plain, plain
from cupola.values.arguments import check_mapping
from cupola.values.deferred import Deferred
from cupola.values.describe import describe

# api.proto: DataType and Status.
TYPES: Final[dict[type, int]] = {str: 1, bool: 2, float: 3}
STATUS_SUCCESS: Final = 1


def hparams(
    hparam_dict: Mapping[str, Any],
    metric_dict: Mapping[str, Any],
    hparam_domain_discrete: Mapping[str, list[Any]] | None = None,
) -> Deferred:
    """Three values: the experiment's hyperparameters and metrics, this session's hyperparameters, its end.

    Args:
        hparam_dict: names to booleans, numbers (of every library, and arrays of one element) and strings.
            None is left out; see `plain` for everything else. A dataclass or argparse's `Namespace` will do.
        metric_dict: whose names are the metrics; the values are the caller's to write as scalars.
        hparam_domain_discrete: names of hyperparameters to the list of values that they can take.

    Raises:
        WrongType: the argument and what is wanted.
    """
    given = check_mapping(hparam_dict, "hparam_dict")
    named = {name: plain(value) for name, value in given.items() if value is not None}
    metrics = list(check_mapping(metric_dict, "metric_dict"))
    domains = _domains(hparam_domain_discrete, given)
    experiment = _experiment(named, metrics, domains)
    session = b"".join(
        wire.field_bytes(1, wire.field_string(1, name) + wire.field_bytes(2, _value(value)))
        for name, value in named.items()
    )
    values = [
        _summary(EXPERIMENT, wire.field_bytes(2, experiment)),
        _summary(SESSION_START, wire.field_bytes(3, session)),
        _summary(SESSION_END, wire.field_bytes(4, wire.field_varint(1, STATUS_SUCCESS))),
    ]
    return Deferred("hyperparameters", sum(map(len, values)), lambda: values)


def _domains(domains: object, hparam_dict: Mapping[str, Any]) -> dict[str, list[Plain]]:
    checked = {}
    for name, items in check_mapping(
        {} if domains is None or (isinstance(domains, list) and not domains) else domains,
        "hparam_domain_discrete",
    ).items():
        argument = f"hparam_domain_discrete[{name!r}]"
        if name not in hparam_dict:
            raise WrongType(f"{argument} names no hyperparameter; wanted one of {sorted(hparam_dict)}")
        kind = type(hparam_dict[name])
        if not isinstance(items, list) or not all(isinstance(item, kind) for item in items):
            like = f"{kind.__name__}, as hparam_dict[{name!r}] is"
            raise WrongType(f"{argument} is {describe(items)}; wanted a list of {like}")
        checked[name] = [plain(item) for item in items]
    return checked


def _experiment(named: Mapping[str, Plain], metrics: list[str], domains: Mapping[str, list[Plain]]) -> bytes:
    infos = []
    for name, value in named.items():
        info = wire.field_string(1, name) + wire.field_varint(4, TYPES[type(value)])
        if name in domains:
            info += wire.field_bytes(5, b"".join(wire.field_bytes(1, _value(item)) for item in domains[name]))
        infos.append(wire.field_bytes(4, info))
    named_metrics = [
        wire.field_bytes(5, wire.field_bytes(1, wire.field_string(2, metric))) for metric in metrics
    ]
    return b"".join(infos + named_metrics)


def _value(value: Plain) -> bytes:
    """Bytes of a `google.protobuf.Value`."""
    if isinstance(value, bool):
        return wire.field_varint(4, value)
    return wire.field_string(3, value) if isinstance(value, str) else wire.field_double(2, value)


def _summary(tag: str, content: bytes) -> bytes:
    return event.encode_value(tag, 0, b"", event.SummaryMetadata("hparams", content))
