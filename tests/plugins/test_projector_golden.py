"""golden/projector: both peers' files, TensorBoard's reading, our answers; the page's tests read the same."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from tests.golden.projector import ANSWERS, GOLDEN, answers, tensorboard_reads

from cupola.columns import decode_columns
from cupola.plugins.projector.config import FILE, decode_config
from cupola.plugins.projector.decode import decode_metadata, decode_tensor

LOGS = GOLDEN / "logs"
DECODED = json.loads((GOLDEN / "decoded.json").read_text())


def test_tensorboard_still_reads_the_same() -> None:
    assert tensorboard_reads(LOGS) == DECODED


def test_we_read_what_tensorboard_reads() -> None:
    ours = decode_config((LOGS / FILE).read_text())
    assert [item.tensor_name for item in ours] == [item["info"]["tensorName"] for item in DECODED]
    for item, theirs in zip(ours, DECODED, strict=True):
        data = (LOGS / item.tensor_path).read_bytes()
        matrix = decode_tensor(data, item.tensor_shape, item.tensor_path).matrix
        assert list(matrix.shape) == theirs["info"]["tensorShape"]
        assert matrix.tobytes() == base64.b64decode(theirs["tensor"])
        found = decode_metadata((LOGS / item.metadata_path).read_bytes(), len(matrix))
        lines = theirs["metadata"].rstrip("\n").split("\n")
        header = lines.pop(0).split("\t") if "\t" in lines[0] else ["label"]
        cells = [[column.values[code] for code in column.codes] for column in found.columns]
        assert [column.name for column in found.columns] == header
        assert [list(row) for row in zip(*cells, strict=True)] == [line.split("\t") for line in lines]


@pytest.mark.parametrize("name", ANSWERS)
def test_we_still_answer_the_same(name: str) -> None:
    stored, fresh = (GOLDEN / name).read_bytes(), answers()[name]
    if name.endswith(".columns"):
        compare(decode_columns(stored), decode_columns(fresh))
    else:
        compare(json.loads(stored), json.loads(fresh))


def compare(stored: Any, fresh: Any) -> None:
    """Numbers to single precision: linear algebra differs in its last bits from machine to machine."""
    if isinstance(stored, dict):
        assert stored.keys() == fresh.keys()
        for key, value in stored.items():
            compare(value, fresh[key])
    elif isinstance(stored, list):
        assert len(stored) == len(fresh)
        for value, other in zip(stored, fresh, strict=True):
            compare(value, other)
    elif isinstance(stored, (np.ndarray, float)):
        np.testing.assert_allclose(fresh, stored, rtol=1e-5, atol=1e-5)
    else:
        assert stored == fresh
