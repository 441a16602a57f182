"""Google's CRC-32C: TensorBoard's own, in Python, takes a second for five megabytes."""

from __future__ import annotations

import google_crc32c


def masked_crc32c(data: bytes) -> int:
    """As TensorFlow's record format masks it (tensorflow/core/lib/hash/crc32c.h)."""
    crc = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
