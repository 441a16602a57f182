"""How what the caller passes as `input_to_model` binds to the model's `forward`."""

from __future__ import annotations

import collections.abc
import contextlib
import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple, get_args, get_origin


class Arguments(NamedTuple):
    """What a model is called with."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


NOTHING: Final = Arguments((), {})
_VARIADIC: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def ways(
    forward: Callable[..., Any], given: Any, name: str, example: tuple[Any, Any] | None = None
) -> list[Arguments]:
    """Every way to call `forward` with what was given, the likeliest first.

    What binds to the signature wins. Where several ways bind:

    * a mapping is keyword arguments, else one argument;
    * a list or tuple is as many arguments, as torch's writer and tensorboardX take it, else one argument.
      It is one argument first where the signature says so (`images: list[Tensor]`), and so is a
      `PackedSequence`, and a named tuple whose fields are not the names of forward's parameters;
    * a dictionary at the end of a tuple is one argument, but keyword arguments first if all its keys are
      names of forward's parameters; a pair of a tuple and a dictionary may be `(args, kwargs)`;
    * all else is one argument; a dataclass may be keyword arguments.

    Args:
        name: of the model, for the error.
        example: the arguments that the model knows, for one that is given nothing.

    Raises:
        TypeError: arguments are missing, or nothing binds.
    """
    signature = _signature(forward)
    if given is None or (isinstance(given, (list, tuple)) and not given):
        if example is not None:
            return [Arguments(*example)]
        missing = _missing(signature)
        if missing:
            raise TypeError(
                f"add_graph got no input_to_model, but {name}.forward needs {', '.join(missing)}; "
                "pass the tensor, tuple or dict that you call the model with"
            )
        return [NOTHING]
    if isinstance(given, collections.abc.Iterator):
        given = list(given)  # as the peers do; it can be read once only
    if signature is None:
        return list(_guesses(given))
    found = [way for way in _possible(signature, given) if _binds(signature, way)]
    return _unlike(found) or [next(iter(_possible(signature, given)))]


def named(forward: Callable[..., Any], way: Arguments) -> dict[str, Any]:
    """The arguments by the names that `forward` gives them."""
    signature = _signature(forward)
    try:
        if signature is None:
            raise TypeError
        bound = signature.bind(*way.args, **way.kwargs).arguments
    except TypeError:
        return {**{str(index): value for index, value in enumerate(way.args)}, **way.kwargs}
    named: dict[str, Any] = {}
    for name, value in bound.items():
        is_rest = signature.parameters[name].kind is inspect.Parameter.VAR_KEYWORD
        named.update(value if is_rest else {name: value})
    return named


def _possible(signature: inspect.Signature, given: Any) -> Iterator[Arguments]:
    one = Arguments((given,), {})
    if isinstance(given, Mapping):
        if _wants(signature, given):
            yield one
        if all(isinstance(key, str) for key in given):
            yield Arguments((), dict(given))
        yield one
    elif _is_many(given):
        if _wants(signature, given) or _is_whole(signature, given):
            yield one
        yield from _as_many(signature, tuple(given))
        yield one
    else:
        yield one
        if dataclasses.is_dataclass(given) and not isinstance(given, type):
            yield Arguments((), {item.name: getattr(given, item.name) for item in dataclasses.fields(given)})


def _as_many(signature: inspect.Signature, given: tuple[Any, ...]) -> Iterator[Arguments]:
    many = Arguments(given, {})
    last = given[-1] if given else None
    if not isinstance(last, Mapping) or not all(isinstance(key, str) for key in last):
        yield many
        return
    split = Arguments(given[:-1], dict(last))
    if last and last.keys() <= signature.parameters.keys():
        yield split
    yield many
    yield split
    if len(given) == 2 and isinstance(given[0], (tuple, list)):
        yield Arguments(tuple(given[0]), dict(last))


def _guesses(given: Any) -> Iterator[Arguments]:
    """Where the signature is not known: as the peers do."""
    if isinstance(given, Mapping) and all(isinstance(key, str) for key in given):
        yield Arguments((), dict(given))
    elif _is_many(given) and not _is_packed(given):
        yield Arguments(tuple(given), {})
    yield Arguments((given,), {})


def _is_many(given: Any) -> bool:
    """Whether it may be several arguments: the peers take any sequence."""
    if isinstance(given, (str, bytes, bytearray, memoryview, range)) or hasattr(given, "__array__"):
        return False
    return isinstance(given, collections.abc.Sequence)


def _is_whole(signature: inspect.Signature, given: Any) -> bool:
    """Whether a tuple is a thing of its own, with names for its parts."""
    fields = getattr(given, "_fields", None)
    return fields is not None and (_is_packed(given) or not signature.parameters.keys() >= set(fields))


def _is_packed(given: Any) -> bool:
    from torch.nn.utils.rnn import PackedSequence

    return isinstance(given, PackedSequence)


def _wants(signature: inspect.Signature, given: Any) -> bool:
    """Whether forward's first parameter is said to be what is given: a list, a mapping, a class."""
    first = next(iter(signature.parameters.values()), None)
    if first is None or first.kind in _VARIADIC or first.annotation is first.empty:
        return False
    return any(_fits(item, given) for item in _alternatives(first.annotation))


def _alternatives(annotation: Any) -> list[Any]:
    """The types of a union, each without what stands in its brackets; of words, the last name of each."""
    if isinstance(annotation, str):
        inner = re.sub(r"^(?:typing\.)?(?:Optional|Union)\[(.*)\]$", r"\1", annotation.strip("'\" "))
        flat = re.sub(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]", "", inner)
        return [item.strip().rpartition(".")[2] for item in re.split(r"[|,]", flat)]
    is_union = get_origin(annotation) in (typing.Union, types.UnionType)
    return [get_origin(item) or item for item in (get_args(annotation) if is_union else (annotation,))]


def _fits(wanted: Any, given: Any) -> bool:
    if isinstance(wanted, str):
        kinds = [kind.__name__ for kind in type(given).__mro__[:-1]]
        generic = {"Sequence", "Iterable", "Collection", "List"} if not isinstance(given, Mapping) else set()
        generic |= {"Mapping", "MutableMapping", "Dict"} if isinstance(given, Mapping) else set()
        return wanted in kinds or wanted in generic
    try:
        return wanted not in (Any, object) and isinstance(given, wanted)
    except TypeError:  # not a type: a type variable, None
        return False


def _binds(signature: inspect.Signature, way: Arguments) -> bool:
    try:
        signature.bind(*way.args, **way.kwargs)
    except TypeError:
        return False
    return True


def _unlike(found: list[Arguments]) -> list[Arguments]:
    """Each way once."""
    kept: dict[tuple[Any, ...], Arguments] = {}
    for way in found:
        key = (tuple(map(id, way.args)), tuple((name, id(value)) for name, value in way.kwargs.items()))
        kept.setdefault(key, way)
    return list(kept.values())


def _signature(forward: Callable[..., Any]) -> inspect.Signature | None:
    schema = getattr(forward, "schema", None)  # of a scripted method
    if schema is not None and hasattr(schema, "arguments"):
        return inspect.Signature([_of_schema(item) for item in schema.arguments[1:]])
    for words in (False, True):  # an annotation may be words that mean nothing here (TYPE_CHECKING)
        with contextlib.suppress(Exception):
            return inspect.signature(forward, eval_str=not words)
    return None


def _of_schema(item: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY if item.kwarg_only else inspect.Parameter.POSITIONAL_OR_KEYWORD
    default = item.default_value if item.has_default_value() else inspect.Parameter.empty
    annotation = list if str(item.type).startswith("List[") else inspect.Parameter.empty
    return inspect.Parameter(item.name, kind, default=default, annotation=annotation)


def _missing(signature: inspect.Signature | None) -> list[str]:
    """Names of the arguments that `forward` cannot do without."""
    parameters = signature.parameters.values() if signature else ()
    return [item.name for item in parameters if item.default is item.empty and item.kind not in _VARIADIC]
