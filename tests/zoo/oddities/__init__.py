"""What breaks tracers and recorders: state, sharing, differentiation, wrappers, unusual values."""

from tests.zoo.oddities import (
    caches,
    composed,
    differentiating,
    distributed,
    routed,
    sequences,
    shared,
    transformed,
    values,
    wrapped,
)

__all__ = [
    "caches",
    "composed",
    "differentiating",
    "distributed",
    "routed",
    "sequences",
    "shared",
    "transformed",
    "values",
    "wrapped",
]
