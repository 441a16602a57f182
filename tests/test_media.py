"""What bytes say of themselves: files that Pillow and others wrote, whole, and cut at every place."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest
from PIL import Image

from cupola.media import UNKNOWN, damage, media_type, pixel_size

WIDTH, HEIGHT = 61, 17


def encoded(kind: str, frames: int = 1, **options: object) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (frames, HEIGHT, WIDTH, 3), np.uint8)
    images = [Image.fromarray(each) for each in pixels]
    out = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    images[0].save(out, kind, **more, **options)
    return out.getvalue()


def audio() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(range(200)))
    return out.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def thumbnail() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "\u00ff\u00d9"
    return exif


WHOLE = {
    "png": encoded("PNG"),
    "apng": encoded("PNG", frames=3),
    "jpeg": encoded("JPEG"),
    "progressive jpeg": encoded("JPEG", progressive=True),
    "jpeg with exif": encoded("JPEG", exif=thumbnail(), comment=b"\xff\xd9 no end"),
    "gif": encoded("GIF"),
    "animated gif": encoded("GIF", frames=4),
    "webp": encoded("WEBP"),
    "wav": audio(),
    "mp4": box(b"ftyp", b"isom" * 2) + box(b"moov", b"x" * 50) + box(b"mdat", b"y" * 99),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_are_not_damaged(name: str):
    assert media_type(WHOLE[name])[0] != UNKNOWN
    assert damage(WHOLE[name]) is None
    # what comes behind the end is none of the file's
    if name not in ("mp4", "webp", "wav"):
        assert damage(WHOLE[name] + b"\0trailing") is None


@pytest.mark.parametrize("name", WHOLE)
def test_a_cut_file_is_told_wherever_it_is_cut(name: str):
    data = WHOLE[name]
    between_boxes = {16, 16 + 58} if name == "mp4" else set()
    for end in range(16, len(data)):
        if end in between_boxes:
            continue
        reason = damage(data[:end])
        assert reason and "cut short" in reason and str(end) in reason, end


def test_nothing_is_said_of_other_files():
    for data in (b"", b"\x89PNG", b"<svg/>", b"fLaC" + b"x" * 50, b"OggS\0" + b"x" * 50):
        assert damage(data) is None
    streamed = audio()
    assert damage(streamed[:4] + b"\xff" * 4 + streamed[8:]) is None


def test_arbitrary_bytes_behind_a_signature_cost_an_answer_and_nothing_more():
    generator = np.random.default_rng(2)
    starts = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x08ftypisom")
    for start in starts:
        for length in (0, 1, 5, 20, 500):
            data = start + generator.bytes(length)
            damage(data)
            pixel_size(data)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "BMP", "WEBP"])
def test_size_of_a_cut_image_is_right_or_unknown(kind: str):
    data = encoded(kind)
    assert {pixel_size(data[:end]) for end in range(len(data) + 1)} == {None, (WIDTH, HEIGHT)}
