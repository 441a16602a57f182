"""golden/scalars: TensorBoard reads what we read, and a chart's answer is as it was. Its other reader is
web/src/plugins/scalars/golden.test.ts.
"""

from __future__ import annotations

import json

from tests.golden.scalars import GOLDEN, answer, decoded
from tests.support.log import read
from tests.support.room_client import RoomClient

from cupola.plugins.scalars import api


def test_tensorboard_reads_what_we_read() -> None:
    wanted = json.loads((GOLDEN / "decoded.json").read_text("utf-8"))
    assert decoded() == wanted
    served = (
        RoomClient(api, read(GOLDEN)).get("/series", {"run": ".", "tag": "loss", "format": "json"}).json()
    )
    assert len(served) == len(wanted) == 230
    assert [row[:2] for row in served] == [row[:2] for row in wanted]
    assert [row[2] for row in served] == [row[2] for row in wanted]


def test_a_charts_answer_is_as_it_was() -> None:
    assert answer() == (GOLDEN / "data.columns").read_bytes()
