from __future__ import annotations

import numpy as np

from cupola.index.growable import BLOB, SCALAR, GrowableColumns


def arrays(*steps: int) -> list[np.ndarray]:
    return [np.array(steps, np.int64), np.array(steps, np.float64) / 2, np.array(steps, np.float32) * 3]


def test_growing_keeps_every_point_and_wastes_an_eighth_at_most():
    columns = GrowableColumns(SCALAR, arrays(0))
    assert columns.capacity == 1
    for step in range(1, 5000):
        columns.append(arrays(step))
    steps, wall_time, value = columns.view()
    assert steps.tolist() == list(range(5000))
    assert wall_time.tolist() == [s / 2 for s in range(5000)]
    assert value.tolist() == [s * 3 for s in range(5000)]
    assert 5000 <= columns.capacity <= 5000 * 9 / 8 + 4
    assert columns.buffer is not None and columns.buffer.nbytes == columns.capacity * 20


def test_a_view_stays_what_it_was():
    columns = GrowableColumns(SCALAR, arrays(1, 2, 3))
    before = columns.view()
    copies = [array.copy() for array in before]
    columns.append(arrays(4))
    columns.insert(1, arrays(9, 9))
    columns.keep(np.array([True, False, False, True, True, True]))
    columns.append(arrays(5, 6, 7, 8))
    columns.widen()
    for array, copy in zip(before, copies, strict=True):
        assert array.tolist() == copy.tolist()
        assert not array.flags.writeable
    assert columns.view()[0].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert columns.view()[2].dtype == np.float64


def test_blobs_carry_offset_length_and_crc():
    def point(*numbers: float) -> list[np.ndarray]:
        return [np.array([number], dtype) for number, dtype in zip(numbers, BLOB, strict=True)]

    columns = GrowableColumns(BLOB, point(1, 0.5, 24, 100, 7))
    columns.append(point(2, 1.5, 140, 1 << 40, 9))
    found = [array.tolist() for array in columns.view()]
    assert found == [[1, 2], [0.5, 1.5], [24, 140], [100, 1 << 40], [7, 9]]
