// For tests: a signal that arrives after a given number of Python's instructions.
#include "module_jobs.h"

#ifdef Py_LIMITED_API  // which lacks tracing: the stable ABI's module goes without

void bind_interrupts(nanobind::module_&) {}

#else

namespace nb = nanobind;

namespace {

long left = 0;
int signal_number = 0;

int trace(PyObject*, PyFrameObject* frame, int event, PyObject*) {
  if (event == PyTrace_CALL)
    return PyObject_SetAttrString(reinterpret_cast<PyObject*>(frame), "f_trace_opcodes", Py_True);
  if (event == PyTrace_OPCODE && --left == 0) {
    PyEval_SetTrace(nullptr, nullptr);
    PyErr_SetInterruptEx(signal_number);
  }
  return 0;
}

}  // namespace

void bind_interrupts(nb::module_& module) {
  module.def(
      "_signal_after",
      [](long instructions, int number) {
        bool had_arrived = left <= 0;
        left = instructions;
        signal_number = number;
        PyEval_SetTrace(instructions > 0 ? trace : nullptr, nullptr);
        return had_arrived;
      },
      nb::arg("instructions"), nb::arg("number") = 2);
}

#endif
