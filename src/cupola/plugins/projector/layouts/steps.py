"""What a film needs of an embedding's steps, from their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.config import Embedding
from cupola.plugins.projector.decode import Column
from cupola.plugins.projector.layouts.axes import Term
from cupola.plugins.projector.layouts.film_job import StepInput
from cupola.plugins.projector.layouts.matching import Labels
from cupola.plugins.projector.layouts.parameters import Parameters
from cupola.plugins.projector.store import Store

TermsOf = Callable[[Mapping[str, Any], "list[Column]", int], "list[Term]"]


def read_labels(store: Store, run: str, embedding: Embedding, count: int) -> Labels:
    """The labels of an embedding's `count` points."""
    digest = store.labels_digest(run, embedding)
    return Labels(count, digest, lambda: store.metadata(run, embedding.tensor_name).columns)


def read_step(
    store: Store,
    run: str,
    embedding: Embedding,
    parameters: Parameters,
    axes: Sequence[Mapping[str, Any]],
    terms_of: TermsOf,
) -> StepInput:
    """One step.

    Args:
        store: of the embeddings.
        run: whose embedding it is.
        embedding: of the step.
        parameters: `field` and `ignore` choose the labels that supervise, if `supervise` says so.
        axes: each `{"component": k}` or `{"terms": […]}`.
        terms_of: the terms of an axis among the points of these columns.

    Raises:
        CupolaError: its files cannot be read, or hold no matrix.
        ValueError: it lacks the points or the field that are asked for. The message is for people.
    """
    matrix = store.tensor(run, embedding.tensor_name)
    labels = read_labels(store, run, embedding, len(matrix))
    supervises = bool(parameters.values.get("supervise"))
    custom = [axis for axis in axes if "component" not in axis]
    columns = labels.read() if (supervises or custom) and labels.digest else []
    terms = [
        None
        if "component" in axis
        else [[term.sign, term.points.tolist(), term.name] for term in terms_of(axis, columns, len(matrix))]
        for axis in axes
    ]
    codes = supervising(columns, parameters) if supervises else None
    return StepInput(matrix, labels, codes, terms)


def supervising(columns: Sequence[Column], parameters: Parameters) -> NDArray[np.int32]:
    """For each point the number of the label that supervises it, negative where none does.

    Raises:
        ValueError: there is no such field. The message is for people.
    """
    for column in columns:
        if column.name == parameters["field"]:
            ignored = [at for at, value in enumerate(column.values) if value == parameters["ignore"]]
            return np.where(np.isin(column.codes, ignored), -1, column.codes.astype(np.int32))
    names = ", ".join(column.name for column in columns)
    raise ValueError(
        f"there is no field {parameters['field']!r} to supervise with; there are {names or 'none'}"
    )
