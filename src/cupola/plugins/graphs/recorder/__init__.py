"""Records a model's graph from one forward pass: scopes, calls, shapes and dtypes; no tracing compiler, no
warnings.

`passes` runs the model, `arguments` binds what it is given, `state` puts back what it changed, `modes`
watches it, `recording` follows the tensors, `values` looks into arguments, `names` names.
"""

from cupola.plugins.graphs.recorder.passes import record

__all__ = ["record"]
