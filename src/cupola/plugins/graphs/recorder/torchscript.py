"""The graph that a scripted or traced module keeps, for a module that is given no input.

Calls of submodules are followed into their own graphs, as scopes. A traced graph knows its shapes, a scripted
one does not; both branches of an `if` are there, and the body of a loop once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from cupola.plugins.graphs.graph_def import Node
from cupola.plugins.graphs.recorder import names, values
from cupola.plugins.graphs.recorder.recording import BUFFER, CONST, IO, PARAMETER

Value = Any
"""What stands for a value of TorchScript: a module, a list of the nodes that it comes from, or a dictionary
of values (a tuple, a list, a dict)."""


def is_enough(model: Any, given: Any) -> bool:
    """Whether a model is a scripted or traced module that is given nothing, and needs something."""
    import torch

    if not isinstance(model, torch.jit.ScriptModule) or not _is_nothing(given):
        return False
    return len(list(model.graph.inputs())) > 1


def _is_nothing(given: Any) -> bool:
    return given is None or (isinstance(given, (list, tuple)) and not given)


def nodes(module: Any) -> list[Node]:
    """Nodes of a `torch.jit.ScriptModule`, in the order of its code."""
    graph = module.graph
    reader = _Reader(module)
    given: list[Value] = [module]
    for value in list(graph.inputs())[1:]:
        name = f"input/{names.clean(value.debugName().partition('.')[0])}"
        is_tensor = value.type().kind() == "TensorType"
        given.append([reader.add(name, IO, [], [value])] if is_tensor else [])
    (made,) = reader.run(graph, given, names.class_name(module)) or [[]]
    for path, sources in _leaves(made):
        name = "/".join(map(names.clean, path)) or "output"
        reader.add(f"output/{name}", IO, sources, list(graph.outputs()) if not path else [])
    reader.add_unused()
    return reader.nodes


class _Reader:
    def __init__(self, module: Any) -> None:
        self.nodes: list[Node] = []
        self._names = names.UniqueNames()
        self._scopes = names.module_scopes(names.class_name(module), {"": module})
        self._used_scopes: set[str] = set()
        self._owned: dict[str, str] = {}
        self._module = module
        root = names.class_name(module)
        self._stack: list[tuple[str, str]] = [(root, root)]
        """(scope of the module, scope of this call) of what runs."""

    def add(self, name: str, op: str, inputs: list[str], outputs: list[Any]) -> str:
        """A node with these TorchScript values as its outputs; its name."""
        node = Node(self._names.take(name), op, list(dict.fromkeys(inputs)))
        self.nodes.append(node)
        tensors = [value.type() for value in outputs if value.type().kind() == "TensorType"]
        if tensors and all(kind.sizes() is not None for kind in tensors):
            node.shapes = [tuple(-1 if size is None else size for size in kind.sizes()) for kind in tensors]
            node.dtypes = [str(kind.dtype() or "").removeprefix("torch.") for kind in tensors]
        return node.name

    def run(self, block: Any, given: list[Value], scope: str) -> list[Value]:
        """The values that a graph, or a block of one, gives back."""
        known: dict[str, Value] = {}
        return self._run(block, given, scope, known)

    def _run(self, block: Any, given: list[Value], scope: str, known: dict[str, Value]) -> list[Value]:
        known.update(zip((value.debugName() for value in block.inputs()), given, strict=False))
        for node in block.nodes():
            inputs = [known.get(value.debugName(), []) for value in node.inputs()]
            made = self._node(node, inputs, scope, known)
            known.update(zip((value.debugName() for value in node.outputs()), made, strict=False))
        return [known.get(value.debugName(), []) for value in block.outputs()]

    def _node(self, node: Any, inputs: list[Value], scope: str, known: dict[str, Value]) -> list[Value]:
        kind = node.kind()
        outputs = list(node.outputs())
        if kind == "prim::GetAttr":
            return [self._attribute(inputs[0], node.s("name"))]
        if kind == "prim::Constant":
            is_tensor = outputs[0].type().kind() == "TensorType"
            return [[self.add(f"{scope}/constant", CONST, [], outputs)] if is_tensor else []]
        if kind in ("prim::TupleConstruct", "prim::ListConstruct"):
            return [{str(index): value for index, value in enumerate(inputs)}]
        if kind == "prim::DictConstruct":
            keys = [_constant(value) for value in list(node.inputs())[::2]]
            return [dict(zip(map(str, keys), inputs[1::2], strict=True))]
        if kind in ("prim::TupleUnpack", "prim::ListUnpack"):
            items = list(inputs[0].values()) if isinstance(inputs[0], Mapping) else []
            return items if len(items) == len(outputs) else [_sources(inputs[0])] * len(outputs)
        if kind == "prim::CallMethod" and _is_module(inputs[0]):
            return self._call(inputs[0], node.s("name"), inputs)
        if list(node.blocks()):
            return self._blocks(node, inputs, scope, known)
        if kind == "prim::TupleIndex" and isinstance(inputs[0], Mapping):
            index = _constant(list(node.inputs())[1])
            return [list(inputs[0].values())[index] if isinstance(index, int) else _sources(inputs[0])]
        sources = _sources(inputs)
        is_call = not kind.startswith("prim::") or kind in ("prim::CallFunction", "prim::PythonOp")
        if is_call and any("Tensor" in str(value.type()) for value in outputs):
            name = self.add(f"{scope}/{names.short(_op(node))}", _op(node), sources, outputs)
            text = _settings(node)
            if text:
                self.nodes[-1].attributes["attr"] = text
            return [[f"{name}:{port}" if port else name] for port in range(len(outputs))]
        return [sources] * len(outputs)  # a number, a cast: what it was computed from

    def _blocks(self, node: Any, inputs: list[Value], scope: str, known: dict[str, Value]) -> list[Value]:
        """Every branch of an `if`, the body of a loop once: what comes out may come from any."""
        carried = inputs[2:] if node.kind() == "prim::Loop" else []
        made: list[list[Value]] = []
        for block in node.blocks():
            results = self._run(block, [[], *carried] if carried else [], scope, known)
            made.append(results[1:] if node.kind() == "prim::Loop" else results)
        if node.kind() == "prim::Loop":
            made.append(carried)
        return [_sources([results[index] for results in made]) for index in range(len(list(node.outputs())))]

    def _call(self, module: Any, method: str, inputs: list[Value]) -> list[Value]:
        home = self._scopes.get(id(module), names.class_name(module))
        first = home
        for caller_home, caller in reversed(self._stack):
            if home.startswith(f"{caller_home}/"):
                first = caller + home[len(caller_home) :]
                break
        scope, call = first, 1
        while method == "forward" and scope in self._used_scopes:
            scope, call = f"{first}_{call}", call + 1
        self._used_scopes.add(scope)
        self._stack.append((home, scope))
        made = self.run(module._c._get_method(method).graph, inputs, scope)
        self._stack.pop()
        return made

    def _attribute(self, owner: Value, name: str) -> Value:
        import torch

        value = getattr(owner, name, None) if _is_module(owner) else None
        if _is_module(value):
            return value
        if isinstance(value, (list, tuple)):  # an LSTM's weights
            known = {id(tensor): key for key, tensor in owner.named_parameters(recurse=False)}
            return [self._parameter(owner, known[id(item)]) for item in value if id(item) in known]
        return [self._parameter(owner, name)] if isinstance(value, torch.Tensor) else []

    def _parameter(self, owner: Any, name: str) -> str:
        path = f"{self._scopes.get(id(owner), names.class_name(owner))}/{names.clean(name)}"
        if path not in self._owned:
            tensor = getattr(owner, name)
            is_parameter = name in dict(owner.named_parameters(recurse=False))
            self._owned[path] = self.add(path, PARAMETER if is_parameter else BUFFER, [], [])
            node = self.nodes[-1]
            node.shapes, node.dtypes = [tuple(tensor.shape)], [str(tensor.dtype).removeprefix("torch.")]
            node.attributes["requires_grad"] = str(bool(tensor.requires_grad))
        return self._owned[path]

    def add_unused(self) -> None:
        """Parameters that the code never names, so that the count is the model's."""
        for module in self._module.modules():
            for name, _ in module.named_parameters(recurse=False):
                count = len(self.nodes)
                self._parameter(module, name)
                if len(self.nodes) > count:
                    self.nodes[-1].attributes["used"] = "False"


def _is_module(value: Value) -> bool:
    import torch

    return isinstance(value, torch.nn.Module)


def _op(node: Any) -> str:
    if node.kind() == "prim::CallFunction":  # a function of Python's, by its name
        return f"torch.jit.{next(iter(node.inputs())).node().s('name')}"
    return str(node.pyname() if node.kind() == "prim::PythonOp" else node.kind())


def _sources(value: Value) -> list[str]:
    return list(dict.fromkeys(source for _, sources in _leaves(value) for source in sources))


def _leaves(value: Value, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, (*path, name))
    elif isinstance(value, list):
        if value and not isinstance(value[0], str):
            for index, item in enumerate(value):
                yield from _leaves(item, (*path, str(index)))
        elif value:
            yield path, value


def _constant(value: Any) -> Any:
    with contextlib.suppress(RuntimeError):
        return value.toIValue()
    return None


def _settings(node: Any) -> str:
    """The arguments that are constants: `stride=[1, 1], padding=[0, 0]`."""
    import torch

    try:
        arguments = [item.name for item in torch._C.parse_schema(node.schema()).arguments]
    except RuntimeError:  # a node without a schema
        return ""
    parts = []
    for name, value in zip(arguments, node.inputs(), strict=False):
        source = value.node()
        if source.kind() == "prim::Constant" and value.type().kind() != "TensorType":
            constant = _constant(value)
        elif source.kind() == "prim::ListConstruct":
            constant = [_constant(item) for item in source.inputs()]
            if None in constant:
                continue
        else:
            continue
        if constant is not None:
            parts.append(f"{name}={constant!r}")
    return values.bounded(", ".join(parts))
