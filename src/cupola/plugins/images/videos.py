"""Frames to a file that plays: animated GIF, or MP4 where there is an ffmpeg."""

from __future__ import annotations

import importlib
import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from cupola.events.png import Pixels

MIN_FRAME_MS: Final = 20
"""Browsers play a GIF's frames of less than 20 ms at a tenth of a second each."""


def encode_gif(frames: Pixels, fps: float) -> bytes:
    """An animated GIF that plays for ever. Grey is exact; colours are reduced to the best 256 of each frame.

    Args:
        frames: T x height x width x channels.
        fps: frames per second; more than 50 play as 50, and times are rounded to 10 ms, both GIF's limits.
    """
    from PIL import Image

    shown = frames[..., 0] if frames.shape[-1] <= 2 else frames[..., :3]
    images = [Image.fromarray(np.ascontiguousarray(frame)) for frame in shown]
    duration_ms = max(MIN_FRAME_MS, round(1000 / fps))
    with io.BytesIO() as file:
        images[0].save(
            file, "GIF", save_all=True, append_images=images[1:], duration=duration_ms, loop=0, optimize=False
        )
        return file.getvalue()


def find_ffmpeg() -> str | None:
    """The path of an ffmpeg: that of the package imageio-ffmpeg, or the one on PATH; None if there is none.
    """
    try:
        imageio_ffmpeg = importlib.import_module("imageio_ffmpeg")
    except ImportError:
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
