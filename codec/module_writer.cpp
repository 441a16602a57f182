// Hands the writer over to Python.
#include "module_writer.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "write/faults.h"
#include "write/writer.h"

namespace nb = nanobind;

namespace {

using cupola::Writer;
using Outcome = cupola::Writer::Outcome;

std::string_view view(const nb::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

nb::object path_object(const std::string& path) {
  return nb::steal(PyUnicode_DecodeFSDefaultAndSize(path.data(), static_cast<Py_ssize_t>(path.size())));
}

using cupola::process_id;

constexpr std::size_t kHoldsUpOthers = 64u << 10;  // copied without the GIL

/// Python's name for a writer. In a forked child the parent's is left as it is (its thread is gone, its lock
/// may be held for ever) and another takes its place, whose file is made with the first record.
class EventWriter {
 public:
  EventWriter(nb::bytes directory, nb::bytes suffix, double interval_s, std::size_t max_bytes, bool open_now,
              bool write_through)
      : writer_(std::make_shared<Writer>(cupola::WriterOptions{
            std::string(view(directory)), std::string(view(suffix)), interval_s, max_bytes, write_through})),
        process_(process_id()) {
    if (!open_now) return;
    int error = writer_->open();
    if (!error) return;
    errno = error;
    PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path_object(writer_->options().directory).ptr());
    throw nb::python_error();
  }

  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;

  ~EventWriter() {
    if (process_ != process_id()) {
      leave();
    } else {
      nb::gil_scoped_release release;
      finish();
    }
  }

  void after_fork() {
    auto options = writer_->options();
    options.write_through = true;
    leave();
    writer_ = std::make_shared<Writer>(std::move(options));
    process_ = process_id();
  }

  Writer* operator->() { return writer_.get(); }
  void check_process() {
    if (process_ != process_id()) after_fork();  // a fork that Python was not told of
  }

 private:
  void leave() { new std::shared_ptr<Writer>(std::move(writer_)); }

  /// If nobody closed it, nobody can wait for it in smaller steps.
  void finish() {
    constexpr double kPatience_s = 2.0;
    if (writer_->is_ending()) return;
    if (writer_->wait(writer_->mark(), kPatience_s) != Writer::Wait::kWritten) writer_->abandon();
    if (!writer_->close(kPatience_s)) writer_->abandon();
  }

  std::shared_ptr<Writer> writer_;
  int process_;
};

bool as_double(PyObject* object, double& out) {
  if (PyFloat_Check(object)) {
    out = PyFloat_AsDouble(object);
    return true;
  }
  if (!PyLong_Check(object)) return false;
  out = PyLong_AsDouble(object);
  if (out != -1.0 || !PyErr_Occurred()) return true;
  PyErr_Clear();
  return false;
}

/// scalar(tag, value, step, wall_time): True if the point was taken care of, False if Python has to look
/// (other types, a notice, closed). A plain C function, since the training loop waits for it.
PyObject* scalar(PyObject* self, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 4) {
    PyErr_Format(PyExc_TypeError, "scalar() takes tag, value, step and wall_time, got %zd arguments", count);
    return nullptr;
  }
  Py_ssize_t tag_size;
  if (!PyUnicode_Check(arguments[0])) Py_RETURN_FALSE;
  const char* tag = PyUnicode_AsUTF8AndSize(arguments[0], &tag_size);
  if (!tag) {
    PyErr_Clear();
    Py_RETURN_FALSE;
  }
  double value, wall_time;
  if (!as_double(arguments[1], value)) Py_RETURN_FALSE;
  long long step = 0;
  if (arguments[2] != Py_None) {
    if (!PyLong_Check(arguments[2])) Py_RETURN_FALSE;
    int overflow;
    step = PyLong_AsLongLongAndOverflow(arguments[2], &overflow);
    if (overflow) Py_RETURN_FALSE;
  }
  if (arguments[3] == Py_None) {
    wall_time = cupola::wall_time_now();
  } else if (!as_double(arguments[3], wall_time)) {
    Py_RETURN_FALSE;
  }
  EventWriter& writer = *nb::inst_ptr<EventWriter>(self);
  std::string_view text(tag, static_cast<std::size_t>(tag_size));
  auto number = static_cast<float>(value);
  Outcome outcome = writer->scalar(text, number, step, wall_time, false);
  if (outcome == Outcome::kMustWait) {
    nb::gil_scoped_release release;
    outcome = writer->scalar(text, number, step, wall_time, true);
  }
  if (outcome == Outcome::kHandOver) {
    nb::gil_scoped_release release;
    writer->hand_over();
  }
  return PyBool_FromLong(outcome != Outcome::kRefused);
}

template <cupola::Call call>
void bind_fault(nb::module_& module, const char* name) {
  module.def(
      name,
      [](std::int64_t after, int error, std::int64_t times, double stall_s) {
        cupola::inject_fault(call, after, error, times, stall_s);
      },
      nb::arg("after"), nb::arg("error"), nb::arg("times") = 1, nb::arg("stall_s") = 0.0);
}

PyMethodDef scalar_method = {"scalar", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(scalar)),
                             METH_FASTCALL, nullptr};

}  // namespace

void bind_writer(nb::module_& module) {
  nb::class_<EventWriter>(module, "EventWriter")
      .def(nb::init<nb::bytes, nb::bytes, double, std::size_t, bool, bool>(), nb::arg("directory"),
           nb::arg("suffix") = nb::bytes("", 0), nb::kw_only(), nb::arg("interval_s") = 0.25,
           nb::arg("max_bytes") = std::size_t{32} << 20, nb::arg("open_now") = true,
           nb::arg("write_through") = false)
      .def_prop_ro("scalar",
                   [](nb::handle self) { return nb::steal(PyCFunction_New(&scalar_method, self.ptr())); })
      .def(
          "event",
          [](EventWriter& self, nb::bytes payload, double wait_s) -> std::optional<bool> {
            auto outcome = Outcome::kMustWait;
            if (payload.size() < kHoldsUpOthers) outcome = self->event(view(payload), 0.0);
            if (outcome == Outcome::kMustWait) {
              nb::gil_scoped_release release;
              outcome = self->event(view(payload), wait_s);
            }
            if (outcome == Outcome::kNoRoom) return std::nullopt;
            return outcome != Outcome::kRefused;
          },
          nb::arg("payload"), nb::arg("wait_s") = 0.008)
      .def("drop", [](EventWriter& self, nb::bytes payload) { self->drop(view(payload)); })
      .def("mark",
           [](EventWriter& self) {
             self.check_process();
             auto mark = self->mark();
             return std::pair(mark.bytes, mark.attempts);
           })
      .def(
          "wait",
          [](EventWriter& self, std::pair<std::uint64_t, std::uint64_t> mark,
             double timeout_s) -> std::optional<bool> {
            nb::gil_scoped_release release;
            auto result = self->wait({mark.first, mark.second}, timeout_s);
            if (result == Writer::Wait::kTimedOut) return std::nullopt;
            return result == Writer::Wait::kWritten;
          },
          nb::arg("mark"), nb::arg("timeout_s"))
      .def(
          "close",
          [](EventWriter& self, double timeout_s) {
            self.check_process();
            nb::gil_scoped_release release;
            return self->close(timeout_s);
          },
          nb::arg("timeout_s") = 2.0)
      .def("abandon", [](EventWriter& self) { self->abandon(); })
      .def_prop_ro("stored_bytes", [](EventWriter& self) { return self->stored_bytes(); })
      .def("take_warnings",
           [](EventWriter& self) {
             int warnings = self->take_warnings();
             nb::list out;
             if (warnings & Writer::kRemoval) out.append("removal");
             if (warnings & Writer::kFailure) out.append("failure");
             if (warnings & Writer::kClose) out.append("close");
             if (warnings & Writer::kLoss) out.append("loss");
             return out;
           })
      .def("set_write_through", [](EventWriter& self) { self->set_write_through(); })
      .def("after_fork", &EventWriter::after_fork)
      .def_prop_ro("path", [](EventWriter& self) { return path_object(self->path()); })
      .def("report",
           [](EventWriter& self) {
             auto report = self->report();
             nb::dict out;
             out["accepted"] = report.accepted;
             out["written"] = report.written;
             out["refused"] = report.refused;
             out["dropped"] = report.dropped.total();
             out["in_doubt"] = report.in_doubt;
             out["failures"] = report.failures;
             out["close_failures"] = report.close_failures;
             out["removals"] = report.removals;
             out["error"] = report.error;
             out["close_error"] = report.close_error;
             return out;
           })
      .def("dropped_by_kind", [](EventWriter& self) { return self->report().dropped.by_kind(); })
      .def("dropped_text", [](EventWriter& self) { return to_text(self->report().dropped); });
  bind_fault<cupola::Call::kWrite>(module, "_inject_write_fault");
  bind_fault<cupola::Call::kClose>(module, "_inject_close_fault");
  module.def("_shift_wall_clock", &cupola::shift_wall_clock);
}
