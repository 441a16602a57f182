"""Records a model's graph from one forward pass: scopes, calls, shapes and dtypes; no tracing compiler, no
warnings.

`subject` is the model and the modules in it, `arguments` binds what it is given, `passes` runs it, `modes`
watches it, `recording` follows the tensors, `values` looks into arguments, `names` names. `quiet` keeps
silence, `blame` says where an error happened, `torchscript` reads the graph that a scripted module keeps.

What keeps a pass from leaving a trace (docs/design/0005-graphs-without-a-trace.md): `state` is what was
before, of Python (`python_state`, as far as `reach` reaches), tensors (`tensor_state`) and the process
(`process_state`); `guards` stand before the program's tensors; `survivors` are what outlives the pass,
and `interrupts` keeps Ctrl-C out of a pass on fake tensors.
"""

from cupola.plugins.graphs.recorder.passes import record

__all__ = ["record"]
