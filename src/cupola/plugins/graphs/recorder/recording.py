"""A recording: nodes in the order of their calls, and which node made which tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from cupola.plugins.graphs.graph_def import Node
from cupola.plugins.graphs.recorder import names, values
from cupola.plugins.graphs.recorder.storages import Storages, storage_key
from cupola.plugins.graphs.recorder.subject import Subject
from cupola.plugins.graphs.recorder.tensor_state import version

IO: Final = "IO Node"
"""Op of inputs and outputs, as torch.utils.tensorboard names it."""
PARAMETER: Final = "Parameter"
BUFFER: Final = "Buffer"
CONST: Final = "Const"


class Frame(NamedTuple):
    """A module that is running."""

    scope: str
    """Of this call."""
    home: str
    """Of the module; its parameters are named by it."""
    module: Any


class Recording:
    """Follows tensors by identity through one forward pass.

    No tensor is kept alive for that: an `id` counts only together with the memory that the tensor lies in,
    and that memory's number is not given away again. Where a call cannot be followed (a fault of ours), the
    modules' own results are recorded, and the newest node is taken for the source of what is unknown.
    """

    def __init__(self, subject: Subject) -> None:
        """Args:
        subject: what is called, and the modules inside it.
        """
        self.nodes: list[Node] = []
        self.guess = False
        self.paused = False
        self.root = subject.name
        self.scopes = names.module_scopes(subject.name, subject.parts)
        self.stack: list[Frame] = [Frame(self.root, self.root, subject.parts.get("", subject.call))]
        self._used_scopes: set[str] = set()
        self._owned = _owned_tensors(subject.modules(), self.scopes)
        self._names = names.UniqueNames()
        self._source: dict[int, tuple[str, int]] = {}
        self._storages = Storages()
        self._writer: dict[int, str] = {}
        self._kept: list[Any] = []
        self._described: set[int] = set()

    @property
    def scope(self) -> str:
        """Scope of the module that runs now."""
        return self.stack[-1].scope

    def enter(self, module: Any) -> None:
        """A module begins to run. Its second call has a scope of its own (`ReLU[relu]_1`): both in one would
        make data run in circles.
        """
        home = self.scopes[id(module)]
        scope = home
        for frame in reversed(self.stack):
            if home.startswith(f"{frame.home}/"):
                scope = frame.scope + home[len(frame.home) :]
                break
        if len(self.stack) > 1 or module is not self.stack[0].module:
            call, first = 1, scope
            while scope in self._used_scopes:
                scope, call = f"{first}_{call}", call + 1
        self.stack.append(Frame(scope, home, module))

    def leave(self) -> None:
        """The module that ran has returned."""
        self.stack.pop()

    def knows(self, tensor: Any) -> bool:
        """Whether a node stands for this tensor, or would without a guess."""
        return self._known(tensor) is not None or id(tensor) in self._owned

    def add_inputs(self, arguments: Mapping[str, Any]) -> None:
        """`input/<argument>` for each tensor that the model is given."""
        for name, value in arguments.items():
            for path, tensor in values.named_tensors(value, (name,)):
                if self._known(tensor) is None:
                    self.add(f"input/{'/'.join(map(names.clean, path))}", IO, (), [tensor])

    def add_outputs(self, result: Any) -> None:
        """`output/<path>` for each tensor that the model returned."""
        for path, tensor in values.named_tensors(result):
            name = "/".join(map(names.clean, path)) or "output"
            source = self.source(tensor)
            node = self.add(f"output/{name}", IO, (), [tensor], produces=False)
            node.inputs.append(source)

    def add_unused_parameters(self) -> None:
        """Parameters that the pass never touched, so that the count is the model's."""
        for key, (name, op, tensor) in self._owned.items():
            if key not in self._source and op == PARAMETER and _has_shape(tensor):
                node = self.add(name, op, (), [tensor])
                node.attributes["used"] = "False"

    def call(
        self, op: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Calls `function`, once whatever happens, and adds a node if it made or changed a tensor."""
        try:
            given = values.tensors((args, kwargs))
            versions = [version(tensor) for tensor in given]
        except Exception:
            self.guess = True
            return function(*args, **kwargs)
        result = function(*args, **kwargs)
        if op.endswith("__iter__"):
            result = iter(made := list(result))
        else:
            made = result
        try:
            changed = [tensor for tensor, old in zip(given, versions, strict=True) if version(tensor) != old]
            if "dropout" in op and not changed and any(result is tensor for tensor in given):
                # In eval mode dropout gives back what it was given. An alias of it makes the call visible.
                made = result = result.view_as(result)
            self._add_call(op, function, (args, kwargs), given, changed, values.tensors(made))
        except Exception:
            self.guess = True
        return result

    def _add_call(
        self, op: str, function: Any, arguments: Any, given: list[Any], changed: list[Any], made: list[Any]
    ) -> None:
        unchanged = {id(tensor) for tensor in given} - {id(tensor) for tensor in changed}
        produced = {id(tensor): tensor for tensor in (*made, *changed) if id(tensor) not in unchanged}
        if produced:
            inputs = [self.source(tensor) for tensor in given]
            node = self.add(f"{self.scope}/{names.short(op)}", op, inputs, list(produced.values()))
            text = values.argument_text(function, *arguments)
            if text:
                node.attributes["attr"] = text
            for tensor in changed:
                self._rewrite_base(tensor)

    def add_opaque(self, module: Any, given: Iterable[Any], made: list[Any]) -> None:
        """One node for a module, or another callable, whose result nobody is known to have made."""
        inputs = [self.source(tensor) for tensor in given]
        parameters = getattr(module, "_parameters", {})
        inputs += [self.source(tensor) for tensor in parameters.values() if tensor is not None]
        kind = names.class_name(module)
        self.add(f"{self.scope}/{kind}", kind, inputs, made)

    def add(
        self, name: str, op: str, inputs: Iterable[str], made: list[Any], *, produces: bool = True
    ) -> Node:
        """A node with the tensors `made` as its outputs."""
        node = Node(
            name=self._names.take(name),
            op=op,
            inputs=list(dict.fromkeys(inputs)),
            shapes=[_shape(tensor) for tensor in made],
            dtypes=[str(tensor.dtype).removeprefix("torch.") for tensor in made],
            device=_device(made),
        )
        self.nodes.append(node)
        self._used_scopes.update(frame.scope for frame in self.stack[1:])
        self._describe_module(node)
        for port, tensor in enumerate(made if produces else ()):
            self._set_source(tensor, f"{node.name}:{port}" if port else node.name)
        return node

    def source(self, tensor: Any) -> str:
        """Name of the output that this tensor is; a `Parameter`, `Buffer` or `Const` node is made when it
        is first used.
        """
        known = self._known(tensor)
        if known is not None:
            return known
        owned = self._owned.get(id(tensor))
        if owned is not None:
            name, op, _ = owned
            node = self.add(name, op, (), [tensor])
            node.attributes["requires_grad"] = str(bool(tensor.requires_grad))
            return node.name
        # A view that was made behind our back lies in memory that somebody filled.
        shared = self._writer.get(storage_key(tensor))
        if shared is not None:
            return shared
        if self.guess and self.nodes:
            return self.nodes[-1].name
        return self.add(f"{self.scope}/{self._attribute_name(tensor)}", CONST, (), [tensor]).name

    def _known(self, tensor: Any) -> str | None:
        name, key = self._source.get(id(tensor), (None, 0))
        return name if name is not None and key == storage_key(tensor) else None

    def _set_source(self, tensor: Any, name: str) -> None:
        key = self._storages.add(tensor)
        self._source[id(tensor)] = (name, key)
        if key:
            self._writer[key] = name
        else:
            self._kept.append(tensor)

    def _rewrite_base(self, view: Any) -> None:
        """After a write through a view, whoever reads the whole tensor reads what was written."""
        base = getattr(view, "_base", None)
        if base is not None and base is not view:
            writer = self.source(view)
            earlier = self._known(base)
            node = next(node for node in reversed(self.nodes) if writer.startswith(node.name))
            if earlier is not None and earlier not in node.inputs and earlier != writer:
                node.inputs.append(earlier)
            self._set_source(base, writer)

    def _attribute_name(self, tensor: Any) -> str:
        members = getattr(self.stack[-1].module, "__dict__", {})
        return next((names.clean(str(key)) for key, value in members.items() if value is tensor), "constant")

    def _describe_module(self, node: Node) -> None:
        """Puts the running module's settings (`extra_repr`) on its first node: a GraphDef has no other
        place for a scope's.
        """
        scope, _, module = self.stack[-1]
        extra = getattr(module, "extra_repr", None)
        if extra is None or id(module) in self._described or not node.name.startswith(f"{scope}/"):
            return
        self._described.add(id(module))
        try:
            text = str(extra())
        except Exception:
            return  # a module's own description must not cost its graph
        if text:
            node.attributes["module"] = values.bounded(f"{type(module).__name__}({text})")


def _owned_tensors(modules: Iterable[Any], scopes: Mapping[int, str]) -> dict[int, tuple[str, str, Any]]:
    """(node name, op, tensor) of each parameter and buffer by its `id`."""
    owned: dict[int, tuple[str, str, Any]] = {}
    for module in modules:
        scope = scopes[id(module)]
        for op, members in (
            (PARAMETER, module.named_parameters(recurse=False)),
            (BUFFER, module.named_buffers(recurse=False)),
        ):
            for name, tensor in members:
                owned.setdefault(id(tensor), (f"{scope}/{names.clean(name)}", op, tensor))
    return owned


def _has_shape(tensor: Any) -> bool:
    from torch.nn.parameter import is_lazy

    return not is_lazy(tensor)


def _shape(tensor: Any) -> tuple[int, ...]:
    try:
        return tuple(size if isinstance(size, int) else -1 for size in tensor.shape)
    except (RuntimeError, ValueError, TypeError):  # nested and lazy tensors have none
        return ()


def _device(made: list[Any]) -> str:
    if not made:
        return ""
    device = made[0].device
    return f"/device:{device.type.upper()}:{device.index or 0}"
