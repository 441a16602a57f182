"""`add_image` and its sisters, `add_audio`, `add_text`: what is looked at, heard and read."""

from __future__ import annotations

from typing import Any

from cupola.writer import encoders
from cupola.writer.forgiving import forgiving
from cupola.writer.lifecycle import Lifecycle
from cupola.writer.untraced import untraced


@untraced
class MediaMethods(Lifecycle):
    """The methods of `SummaryWriter` that log pictures, videos, sounds and texts."""

    @forgiving
    def add_image(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
    ) -> None:
        """Logs an image.

        Args:
            tag: name of the series.
            img_tensor: pixels with 1 to 4 channels: uint8 from 0 to 255, floats from 0 to 1 (clipped; NaN is
                0), booleans; or an image of Pillow.
            global_step: its step; 0 if none is given.
            walltime: seconds since 1970 UTC; now if none is given.
            dataformats: the axes' letters, in the array's order: `CHW`, `HWC` or `HW`. Of Pillow's images
                they are known.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.images.image(tag, img_tensor, dataformats), global_step, walltime)

    @forgiving
    def add_images(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Logs a batch of images as one grid, in rows of eight.

        Args:
            tag: name of the series.
            img_tensor: N images of one size, with pixels as in `add_image`; or a list of them, or of
                Pillow's.
            global_step: its step; 0 if none is given.
            walltime: seconds since 1970 UTC; now if none is given.
            dataformats: the axes' letters, in the array's order: `NCHW` or `NHWC`; of one image if it is a
                list.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.images.images(tag, img_tensor, dataformats), global_step, walltime)

    @forgiving
    def add_image_with_boxes(
        self,
        tag: str,
        img_tensor: Any,
        box_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        rescale: float | str = 1,
        dataformats: Any = "CHW",
        labels: Any = None,
    ) -> None:
        """Logs an image with boxes drawn into it.

        Args:
            tag: name of the series.
            img_tensor: one image, as in `add_image`.
            box_tensor: N×4 numbers: left, top, right, bottom in pixels of the image before it is scaled;
                nothing at all is no box.
            global_step: its step; 0 if none is given.
            walltime: seconds since 1970 UTC; now if none is given.
            rescale: factor of both sides of the picture. A string here is tensorboardX's `dataformats`.
            dataformats: the axes' letters, in the array's order: `CHW`, `HWC` or `HW`.
            labels: a text for each box; another number of texts is not drawn, with a warning.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        if isinstance(rescale, str):
            labels = labels if labels is not None or dataformats == "CHW" else dataformats
            rescale, dataformats = 1, rescale
        deferred = encoders.images.image_with_boxes(tag, img_tensor, box_tensor, rescale, dataformats, labels)
        self._log(deferred, global_step, walltime)

    @forgiving
    def add_figure(
        self,
        tag: str,
        figure: Any,
        global_step: Any = None,
        close: bool = True,
        walltime: float | None = None,
    ) -> None:
        """Logs a figure, drawn at once.

        Args:
            tag: name of the series.
            figure: a figure or `Axes` of Matplotlib, a seaborn grid, a figure of Plotly (which needs
                kaleido), or a list of them of one size, as one grid.
            global_step: its step; 0 if none is given.
            close: whether pyplot closes the figure afterwards.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.images.figure(tag, figure, close), global_step, walltime)

    @forgiving
    def add_video(
        self,
        tag: str,
        vid_tensor: Any,
        global_step: Any = None,
        fps: float = 4,
        walltime: float | None = None,
        dataformats: str = "NTCHW",
        format: str = "gif",
    ) -> None:
        """Logs a batch of videos, side by side in one.

        Args:
            tag: name of the series.
            vid_tensor: N videos of T frames, with pixels as in `add_image`; or a list of Pillow's images,
                which is one video.
            global_step: its step; 0 if none is given.
            fps: frames per second.
            walltime: seconds since 1970 UTC; now if none is given.
            dataformats: the axes' letters, in the array's order: `NTCHW`, or another order of these.
            format: `gif`; or `mp4`, which is smaller, needs an ffmpeg, and does not show in TensorBoard.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.images.video(tag, vid_tensor, fps, dataformats, format), global_step, walltime)

    @forgiving
    def add_audio(
        self,
        tag: str,
        snd_tensor: Any,
        global_step: Any = None,
        sample_rate: int = 44100,
        walltime: float | None = None,
    ) -> None:
        """Logs a piece of audio.

        Args:
            tag: name of the series.
            snd_tensor: samples from -1 to 1 (clipped), or int16: L, 1×L or L×1; L×2 or 2×L is stereo.
            global_step: its step; 0 if none is given.
            sample_rate: in Hz.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.audio.audio(tag, snd_tensor, sample_rate), global_step, walltime)

    @forgiving
    def add_text(
        self, tag: str, text_string: str, global_step: Any = None, walltime: float | None = None
    ) -> None:
        """Logs a text.

        Args:
            tag: name of the series.
            text_string: a string, which may be Markdown.
            global_step: its step; 0 if none is given.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.text.text(tag, text_string), global_step, walltime)
