"""Frames to a file that plays: animated GIF, or MP4 where there is an ffmpeg."""

from __future__ import annotations

import importlib
import io
import struct
from pathlib import Path
from typing import Final

import numpy as np

from cupola.values.png import Pixels

MIN_FRAME_MS: Final = 20
"""Browsers play a GIF's frames of less than 20 ms at a tenth of a second each."""


def encode_gif(frames: Pixels, fps: float) -> bytes:
    """An animated GIF that plays for ever. Grey is exact; colours are reduced to the best 256 of what changes
    in each frame.

    Every frame stays one, also those that look like the one before: Pillow would make one long frame of them.

    Args:
        frames: T x height x width x channels.
        fps: frames per second; more than 50 play as 50, and times are rounded to 10 ms, both GIF's limits.

    Source: https://www.w3.org/Graphics/GIF/spec-gif89a.txt; the looping extension is Netscape's.
    """
    shown = frames[..., :1] if frames.shape[-1] <= 2 else frames[..., :3]
    _, height, width, _ = shown.shape
    delay = min(max(MIN_FRAME_MS, round(1000 / fps)) // 10, 0xFFFF)
    parts = [b"GIF89a", struct.pack("<HHBBB", width, height, 0, 0, 0)]
    parts.append(b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")
    for index, frame in enumerate(shown):
        top, bottom, left, right = (0, height, 0, width) if index == 0 else _changed(shown[index - 1], frame)
        parts.append(struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0, delay, 0, 0))
        parts.append(_gif_image(frame[top:bottom, left:right], left, top))
    return b"".join([*parts, b";"])


def _changed(before: Pixels, after: Pixels) -> tuple[int, int, int, int]:
    """The rectangle in which two frames differ: top, bottom, left, right; one pixel if they do not."""
    different = (before != after).any(axis=-1)
    rows, columns = np.flatnonzero(different.any(axis=1)), np.flatnonzero(different.any(axis=0))
    if not rows.size:
        return 0, 1, 0, 1
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _gif_image(pixels: Pixels, left: int, top: int) -> bytes:
    """A part of a frame as a GIF's image block, with a palette of its own."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels))
    with io.BytesIO() as file:
        image.save(file, "GIF")
        alone = file.getvalue()
    # Header (6 bytes), screen (7), its palette, then the image: descriptor (10), data, and the trailer.
    size = alone[10] & 7
    palette_end = 13 + 3 * (2 << size)
    _, _, _, width, height, packed = struct.unpack_from("<BHHHHB", alone, palette_end)
    descriptor = struct.pack("<BHHHHB", 0x2C, left, top, width, height, packed | 0x80 | size)
    return descriptor + alone[13:palette_end] + alone[palette_end + 10 : -1]


def find_ffmpeg() -> str | None:
    """The path of an ffmpeg: that of the package imageio-ffmpeg, or one on PATH; None if there is none."""
    try:
        imageio_ffmpeg = importlib.import_module("imageio_ffmpeg")
    except ImportError:
        import shutil

        return shutil.which("ffmpeg")
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def encode_mp4(frames: Pixels, fps: float, ffmpeg: str) -> bytes:
    """An MP4 (H.264, 4:2:0), which is smaller than a GIF; TensorBoard cannot show it.

    Args:
        frames: T x height x width x channels; odd sides lose their last pixel row or column to H.264.
        fps: frames per second.
        ffmpeg: path of the program.

    Raises:
        RuntimeError: ffmpeg failed; what it said.
    """
    import subprocess
    import tempfile

    color = np.repeat(frames[..., :1], 3, -1) if frames.shape[-1] <= 2 else frames[..., :3]
    _, height, width, _ = color.shape
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video.mp4"
        source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps), "-i", "-"]
        target = ["-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
        command = [ffmpeg, "-loglevel", "error", "-y", *source, *target, str(path)]
        done = subprocess.run(
            command, input=np.ascontiguousarray(color).tobytes(), capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(
                f"ffmpeg could not encode the video: {done.stderr.decode(errors='replace').strip()}"
            )
        return path.read_bytes()
