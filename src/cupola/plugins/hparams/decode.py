"""Hyperparameters from what summaries hold in their metadata.

Source: tensorboard/plugins/hparams/{api.proto,plugin_data.proto} (tensorboard 2.21.0);
    google/protobuf/struct.proto
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from cupola.errors import DecodeError
from cupola.events import event, wire

Hparam: TypeAlias = "float | bool | str"

DEEPEST: Final = 32
"""Lists and structs in one another; deeper ones are no value that a person set."""


@dataclass(frozen=True, slots=True)
class HparamInfo:
    """What an experiment says of one of its hyperparameters."""

    name: str
    display_name: str = ""
    description: str = ""


def experiment(metadata: bytes) -> list[HparamInfo]:
    """The hyperparameters that an experiment names, in its order.

    Args:
        metadata: an encoded `SummaryMetadata`.

    Raises:
        DecodeError: it is none, or holds no experiment.
    """
    infos = []
    for message in wire.messages(_content(metadata, 2, "experiment"), 4):
        texts = {number: wire.text(value) for number, _, value in wire.fields(message) if number in (1, 2, 3)}
        infos.append(HparamInfo(texts.get(1, ""), texts.get(2, ""), texts.get(3, "")))
    return infos


def session(metadata: bytes) -> Mapping[str, Hparam]:
    """The hyperparameters of a session. Lists and structs are JSON text; null is left out.

    Args:
        metadata: an encoded `SummaryMetadata`.

    Raises:
        DecodeError: it is none, or holds no session.
    """
    hparams: dict[str, Hparam] = {}
    for entry in wire.messages(_content(metadata, 3, "session_start_info"), 1):
        name, value = "", None
        for number, _, field in wire.fields(entry):
            if number == 1:
                name = wire.text(field)
            elif number == 2:
                value = _value(wire.view_of(field), 0)
        if value is not None:
            plain = isinstance(value, (bool, float, str))
            hparams[name] = value if plain else json.dumps(value, ensure_ascii=False)
    return hparams


def _content(metadata: bytes, member: int, name: str) -> memoryview:
    """A member of `HParamsPluginData`, which is the plugin's content."""
    found = [*wire.messages(event.decode_metadata(metadata).content, member)]
    if not found:
        raise DecodeError(f"HParamsPluginData without {name}")
    return found[-1]


def _value(message: memoryview, depth: int) -> Any:
    """A `google.protobuf.Value`; None for null."""
    if depth > DEEPEST:
        raise DecodeError(f"a hyperparameter of more than {DEEPEST} lists in one another")
    value: Any = None
    for number, _, field in wire.fields(message):
        if number == 2 and isinstance(field, int):
            value = wire.as_double(field)
        elif number == 3:
            value = wire.text(field)
        elif number == 4:
            value = bool(field)
        elif number == 5:
            value = dict(_entry(entry, depth) for entry in wire.messages(wire.view_of(field), 1))
        elif number == 6:
            value = [_value(item, depth + 1) for item in wire.messages(wire.view_of(field), 1)]
    return value


def _entry(message: memoryview, depth: int) -> tuple[str, Any]:
    name, value = "", None
    for number, _, field in wire.fields(message):
        if number == 1:
            name = wire.text(field)
        elif number == 2:
            value = _value(wire.view_of(field), depth + 1)
    return name, value
