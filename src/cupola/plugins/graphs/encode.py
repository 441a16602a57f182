"""Models to graphs: what `SummaryWriter.add_graph` and `add_onnx_graph` write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cupola.plugins.graphs import onnx, openvino
from cupola.plugins.graphs.graph_def import encode_graph, encode_run_metadata
from cupola.plugins.graphs.graph_def import encode_tagged as encode_tagged
from cupola.plugins.graphs.recorder import record
from cupola.plugins.graphs.recorder.recording import BUFFER, CONST, IO, PARAMETER


def graph(
    model: Any, input_to_model: Any = None, verbose: bool = False, use_strict_trace: bool | None = None
) -> tuple[bytes, bytes]:
    """A model as a `GraphDef`, and the sizes of its activations as a `TaggedRunMetadata`, both encoded.

    Args:
        model: a `torch.nn.Module` (scripted, traced, compiled or sharded too), a bound method of one
            (`model.encode`), a partial, any callable with modules in its closure or its attributes, or an
            ExportedProgram.
        input_to_model: what the model is called with. Its values do not matter unless the model looks at
            them. What binds to the signature of `forward` is taken; where several ways bind, they are tried
            without data:

            * a tensor, or any other single value: one argument;
            * a list or tuple: as many arguments, else one. One first, where the signature says so
              (`images: list[Tensor]`), for a `PackedSequence`, and for a named tuple whose fields are not
              forward's parameters. A dictionary at its end may be keyword arguments;
            * a mapping (a tokenizer's `BatchEncoding` too): keyword arguments, else one argument;
            * a dataclass: one argument, else keyword arguments;
            * None, `[]`, `()`: nothing, for a model without arguments, or one that knows them: an
              ExportedProgram, and a scripted or traced module, whose own graph is taken then, of a scripted
              one without shapes.
        verbose: print each node.
        use_strict_trace: nothing is traced. True refuses a model that returns a dict, as `torch.jit.trace`
            does for those who ask for it.

    Raises:
        TypeError: the model cannot be called, or arguments are missing.
        RuntimeError: see `use_strict_trace`; or the model is sharded and looks at its data.
        Exception: what the model itself raises, with a note that names the module where it happened, and the
            shapes that the module and the model were given.
    """
    nodes = record(model, input_to_model, refuse_dict=use_strict_trace is True)
    if verbose:
        for node in nodes:
            shapes = " ".join(str(list(shape)) for shape in node.shapes)
            print(f"{node.name}  {node.op}  {shapes}  <- {', '.join(node.inputs) or '-'}")
    activations = [node for node in nodes if node.op not in (IO, PARAMETER, BUFFER, CONST)]
    return encode_graph(nodes), encode_tagged(encode_run_metadata(activations))


def onnx_graph(model: str | os.PathLike[str] | bytes | Any) -> bytes:
    """An ONNX model as an encoded `GraphDef`.

    Args:
        model: the path of an `.onnx` file, the bytes of a `ModelProto`, or a `ModelProto` itself.

    Raises:
        OSError: the file cannot be read.
        DecodeError: this is no ONNX model.
        TypeError: `model` is none of these.
    """
    if isinstance(model, (str, os.PathLike)):
        data = Path(model).read_bytes()
    elif isinstance(model, (bytes, bytearray, memoryview)):
        data = bytes(model)
    elif hasattr(model, "SerializeToString"):
        data = model.SerializeToString()
    else:
        raise TypeError(
            f"add_onnx_graph got a {type(model).__name__}; wanted the path of an .onnx file, "
            "a ModelProto or its bytes"
        )
    return encode_graph(onnx.nodes(data))


def openvino_graph(xmlname: str | os.PathLike[str]) -> bytes:
    """An OpenVINO model's `.xml` file as an encoded `GraphDef`.

    Raises:
        OSError: the file cannot be read.
        DecodeError: this is no OpenVINO model.
    """
    return encode_graph(openvino.nodes(xmlname))
