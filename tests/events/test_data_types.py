"""The table of data types against TensorBoard's types.proto."""

from __future__ import annotations

import numpy as np
import pytest
from tensorboard.compat.proto import types_pb2
from tensorboard.compat.tensorflow_stub.dtypes import as_dtype

from cupola.events.data_types import BY_NAME, BY_NUMBER, DATA_TYPES


def test_numbers_and_names_are_tensorboards() -> None:
    theirs = {"half": "float16", "double": "float64", "float": "float32"}
    for row in DATA_TYPES:
        assert types_pb2.DataType.Name(row.number) == row.proto_name
        word = row.proto_name.removeprefix("DT_").lower()
        assert theirs.get(word, word) == row.name
    assert len(BY_NUMBER) == len(BY_NAME) == len(DATA_TYPES)


@pytest.mark.parametrize(
    "row", [row for row in DATA_TYPES if row.numpy is not None], ids=lambda row: row.name
)
def test_numpys_types_are_tensorboards(row: object) -> None:
    assert as_dtype(row.number).as_numpy_dtype == row.numpy  # type: ignore[attr-defined]
    assert np.dtype(row.name) == row.numpy  # type: ignore[attr-defined]
