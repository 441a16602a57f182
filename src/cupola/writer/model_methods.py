"""`add_graph`, `add_embedding` and what else is logged of a model: its graph, its points, meshes, tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cupola.events import event
from cupola.values.deferred import DeferredFiles
from cupola.writer import encoders
from cupola.writer.forgiving import forgiving
from cupola.writer.lifecycle import Lifecycle
from cupola.writer.patience import Patience
from cupola.writer.untraced import untraced

_SMALL_BYTES = 64 << 10
_SMALL_PATIENCE_S = 0.2
"""An embedding no larger than that is waited for, no longer than that."""


@untraced
class ModelMethods(Lifecycle):
    """The methods of `SummaryWriter` that log models and what they hold."""

    @forgiving
    def add_graph(
        self,
        model: Any,
        input_to_model: Any = None,
        verbose: bool = False,
        use_strict_trace: bool | None = None,
    ) -> None:
        """Logs a model's graph, recorded in one forward pass, here and now.

        Args:
            model: a `torch.nn.Module` (scripted, traced, compiled or sharded too), a bound method of one
                (`model.encode`), a partial, any callable with modules in its closure or its attributes, or an
                ExportedProgram.
            input_to_model: what the model is called with. Its values do not matter unless the model looks at
                them. What binds to the signature of `forward` is taken; where several ways bind, they are
                tried without data:

                * a tensor, or any other single value: one argument;
                * a list or tuple: as many arguments, else one. One first, where the signature says so
                  (`images: list[Tensor]`), for a `PackedSequence`, and for a named tuple whose fields are not
                  forward's parameters. A dictionary at its end may be keyword arguments;
                * a mapping (a tokenizer's `BatchEncoding` too): keyword arguments, else one argument;
                * a dataclass: one argument, else keyword arguments;
                * None, `[]`, `()`: nothing, for a model without arguments, or one that knows them: an
                  ExportedProgram, and a scripted or traced module, whose own graph is taken then, of a
                  scripted one without shapes.
            verbose: print each node.
            use_strict_trace: nothing is traced. True refuses a model that returns a dict, as
                `torch.jit.trace` does for those who ask for it.

        Raises:
            TypeError: the model cannot be called, or arguments are missing.
            RuntimeError: see `use_strict_trace`; or the model is sharded and looks at its data.
            Exception: what the model itself raises, with a note that names the module where it happened, and
                the shapes that the module and the model were given.
        """
        graph, run_metadata = encoders.graphs.graph(model, input_to_model, verbose, use_strict_trace)
        self._log_event(graph_def=graph, tagged_run_metadata=run_metadata)

    @forgiving
    def add_onnx_graph(self, prototxt: Any = None, *, onnx_model_file: Any = None) -> None:
        """Logs the graph of an ONNX model.

        Args:
            prototxt: path of an `.onnx` file, the bytes of one, or an `onnx.ModelProto`.
            onnx_model_file: tensorboardX's name of `prototxt`; it wins.

        Raises:
            OSError: the file cannot be read.
            DecodeError: it is no ONNX model.
            TypeError: it is none of these.
        """
        model = prototxt if onnx_model_file is None else onnx_model_file
        self._log_event(graph_def=encoders.graphs.onnx_graph(model))

    @forgiving
    def add_openvino_graph(self, xmlname: Any) -> None:
        """Logs the graph of an OpenVINO model.

        Args:
            xmlname: path of its `.xml` file.

        Raises:
            OSError: the file cannot be read.
            DecodeError: it is no OpenVINO model.
        """
        self._log_event(graph_def=encoders.graphs.openvino_graph(xmlname))

    @forgiving
    def add_embedding(
        self,
        mat: Any,
        metadata: Any = None,
        label_img: Any = None,
        global_step: Any = None,
        tag: str = "default",
        metadata_header: Sequence[str] | None = None,
    ) -> None:
        """Logs points in many dimensions, with labels and images, for the projector.

        Embeddings of other tags and steps stay. A small one's files are there when the call returns, as the
        peers' are.

        Args:
            mat: N×D numbers, a row for each point; stored as float32.
            metadata: N labels, or N rows of a cell for each name in `metadata_header`: a list, a tensor, a
                table.
            label_img: N×C×H×W images with pixels as in `add_image`, or a list of Pillow's.
            global_step: a whole number or a name; 0 if none is given.
            tag: the embedding's name.
            metadata_header: names of the columns of `metadata`; a table's own if none are given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._write_files(
            encoders.projector.embedding(mat, metadata, label_img, global_step, tag, metadata_header)
        )

    @forgiving
    def add_mesh(
        self,
        tag: str,
        vertices: Any,
        colors: Any = None,
        faces: Any = None,
        config_dict: Mapping[str, Any] | None = None,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Logs meshes, or point clouds if there are no faces.

        Args:
            tag: name of the series.
            vertices: B×N×3 coordinates.
            colors: B×N×3: red, green and blue of each vertex, from 0 to 255.
            faces: B×M×3 indices of vertices.
            config_dict: camera, lights and material for three.js; anything that JSON takes.
            global_step: its step; 0 if none is given.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.mesh.mesh(tag, vertices, colors, faces, config_dict), global_step, walltime)

    @forgiving
    def add_tensor(
        self, tag: str, tensor: Any, global_step: Any = None, walltime: float | None = None
    ) -> None:
        """Logs an array as it is.

        Args:
            tag: name of the series.
            tensor: numbers of any shape. bfloat16 stays bfloat16, float8 becomes float32; masked elements are
                NaN.
            global_step: its step; 0 if none is given.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._log(encoders.tensor.tensor(tag, tensor), global_step, walltime)

    # Within

    def _log_event(self, **fields: bytes) -> None:
        """Writes fields of `Event` itself, one event each."""
        file = self._main_file()
        step, wall_time = self._when(None, None)
        for name, message in fields.items():
            file.write(event.encode_event(wall_time, step, **{name: message}))

    def _write_files(self, files: DeferredFiles) -> None:
        """Writes files beside the event files. Small ones stand when the call returns, as the peers' do."""
        file = self._main_file()
        if not self._write_to_disk:
            return
        logdir, uploader = self._files.local(file.logdir), self._files.uploader

        def write() -> None:
            if uploader is not None:
                uploader.download(files.updates)
            files.write(logdir)

        prompt = files.nbytes <= _SMALL_BYTES and uploader is None and self._queue.idle
        self._submit(file, files.name, write, files.nbytes, "files")
        if prompt:
            self._queue.drain(Patience(_SMALL_PATIENCE_S))
