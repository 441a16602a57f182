// Hands CRCs, framing and the scanner over to Python.
#include "module_scan.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>

#include <limits>
#include <memory>
#include <system_error>

#include "format/crc32c.h"
#include "format/record.h"
#include "module_arrays.h"
#include "scan/scanner.h"

namespace nb = nanobind;

namespace {

/// A Python object's bytes, held while this lives.
class View {
 public:
  explicit View(nb::handle object) {
    if (PyObject_GetBuffer(object.ptr(), &view_, PyBUF_SIMPLE) != 0) throw nb::python_error();
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View() { PyBuffer_Release(&view_); }
  const void* data() const { return view_.buf; }
  std::size_t size() const { return static_cast<std::size_t>(view_.len); }

 private:
  Py_buffer view_;
};

nb::object frame(nb::handle payload) {
  const View view(payload);
  if (view.size() > cupola::kMaxPayload)
    throw nb::value_error("a record of 2 GiB or more; split it: protobuf reads no longer message");
  nb::object record = nb::steal(
      PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(view.size() + cupola::kFrameBytes)));
  if (!record.is_valid()) throw nb::python_error();
  cupola::store_record(reinterpret_cast<std::uint8_t*>(PyBytes_AsString(record.ptr())), view.data(),
                       view.size());
  return record;
}

nb::object decoded(const std::string& text) {
  nb::object decoded =
      nb::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace"));
  if (!decoded.is_valid()) throw nb::python_error();
  return decoded;
}

/// A column as an array that keeps its series alive and copies nothing.
template <class Number>
nb::object array_of(nb::handle series, Number* numbers, std::size_t size) {
  return nb::cast(nb::ndarray<nb::numpy, Number, nb::ndim<1>>(numbers, {size}, series));
}

template <auto Column>
nb::object column(nb::handle self) {
  auto& series = nb::cast<cupola::Series&>(self);
  return array_of(self, (series.*Column)(), series.size());
}

nb::object steps_of(const cupola::Series& series) {
  return nb::cast(
      filled<std::int64_t>([&](std::int64_t* out) { series.steps().copy_to(out); }, series.size()));
}

double last_value_of(cupola::Series& series) {
  if (!series.is_scalar()) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t last = series.size() - 1;
  return series.is_wide() ? series.wide_value()[last] : static_cast<double>(series.value()[last]);
}

template <auto Column>
nb::object column_of_blobs(nb::handle self) {
  auto& series = nb::cast<cupola::Series&>(self);
  return array_of(self, (series.*Column)(), series.is_scalar() ? 0 : series.size());
}

nb::object value_of(nb::handle self) {
  auto& series = nb::cast<cupola::Series&>(self);
  const std::size_t size = series.is_scalar() ? series.size() : 0;
  return series.is_wide() ? array_of(self, series.wide_value(), size) : array_of(self, series.value(), size);
}

/// A chunk whose series are Python's already.
struct PythonChunk {
  PythonChunk() = default;
  PythonChunk(PythonChunk&&) = default;
  PythonChunk(const PythonChunk&) = delete;

  cupola::Chunk chunk;
  nb::list series;
};

PythonChunk scan(cupola::Scanner& scanner, std::uint64_t max_bytes) {
  PythonChunk result;
  int error = 0;
  {
    nb::gil_scoped_release release;
    try {
      result.chunk = scanner.scan(max_bytes);
    } catch (const std::system_error& failure) { error = failure.code().value(); }
  }
  if (error) {
    const std::string& path = scanner.path();
    nb::object name =
        nb::steal(PyUnicode_DecodeFSDefaultAndSize(path.data(), static_cast<Py_ssize_t>(path.size())));
    errno = error;
    PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, name.ptr());
    throw nb::python_error();
  }
  for (auto& series : result.chunk.series) result.series.append(nb::cast(std::move(series)));
  result.chunk.series.clear();
  return result;
}

nb::list damage_of(const PythonChunk& self) {
  nb::list list;
  for (const auto& damage : self.chunk.damage)
    list.append(nb::make_tuple(damage.offset, damage.length, decoded(damage.reason)));
  return list;
}

void make_scanner(cupola::Scanner* self, nb::handle path) {
  PyObject* bytes = nullptr;
  if (!PyUnicode_FSConverter(path.ptr(), &bytes)) throw nb::python_error();
  const nb::object owner = nb::steal(bytes);
  new (self)
      cupola::Scanner(std::string(PyBytes_AsString(bytes), static_cast<std::size_t>(PyBytes_Size(bytes))));
}

template <auto Function>
std::uint32_t crc_of(nb::handle data, std::uint32_t crc) {
  const View view(data);
  nb::gil_scoped_release release;
  return Function(view.data(), view.size(), crc);
}

}  // namespace

void bind_crc32c(nb::module_& module) {
  module.attr("CRC_IMPLEMENTATION") = cupola::crc32c_implementation();
  module.def("crc32c", &crc_of<cupola::crc32c>, nb::arg(), nb::arg() = 0);
  module.def("crc32c_portable", &crc_of<cupola::crc32c_portable>, nb::arg(), nb::arg() = 0);
  module.def("masked_crc32c", [](nb::handle data) {
    const View view(data);
    return cupola::masked_crc32c(view.data(), view.size());
  });
  module.def("frame", &frame);
}

void bind_scan(nb::module_& module) {
  using cupola::Series;
  nb::class_<Series>(module, "SeriesChunk")
      .def_prop_ro("tag", [](const Series& self) { return decoded(self.name().tag); })
      .def_prop_ro("form", [](const Series& self) { return self.name().form; })
      .def_prop_ro("metadata",
                   [](const Series& self) {
                     return nb::bytes(self.name().metadata.data(), self.name().metadata.size());
                   })
      .def_prop_ro("is_scalar", &Series::is_scalar)
      .def("__len__", &Series::size)
      .def_prop_ro("first_step", [](const Series& self) { return self.steps().front(); })
      .def_prop_ro("last_step", [](const Series& self) { return self.steps().back(); })
      .def_prop_ro("first_wall_time", [](Series& self) { return self.wall_time()[0]; })
      .def_prop_ro("last_wall_time", [](Series& self) { return self.wall_time()[self.size() - 1]; })
      .def_prop_ro("last_value", &last_value_of)
      .def_prop_ro("is_wide", &Series::is_wide)
      .def_prop_ro("step", &steps_of)
      .def_prop_ro("wall_time", &column<&Series::wall_time>)
      .def_prop_ro("value", &value_of)
      .def_prop_ro("offset", &column_of_blobs<&Series::offset>)
      .def_prop_ro("length", &column_of_blobs<&Series::length>)
      .def_prop_ro("crc", &column_of_blobs<&Series::crc>);

  nb::class_<PythonChunk>(module, "Chunk")
      .def_prop_ro("reset", [](const PythonChunk& self) { return self.chunk.reset; })
      .def_prop_ro("restart_step", [](const PythonChunk& self) { return self.chunk.restart_step; })
      .def_prop_ro("records", [](const PythonChunk& self) { return self.chunk.records; })
      .def_prop_ro("first_wall_time", [](const PythonChunk& self) { return self.chunk.first_wall_time; })
      .def_ro("series", &PythonChunk::series)
      .def_prop_ro("damage", &damage_of)
      .def_prop_ro("at_end", [](const PythonChunk& self) { return self.chunk.at_end; });

  nb::class_<cupola::Scanner>(module, "Scanner")
      .def("__init__", &make_scanner)
      .def_prop_ro("offset", &cupola::Scanner::offset)
      .def_prop_ro("pending", &cupola::Scanner::pending)
      .def("scan", &scan, nb::arg() = std::uint64_t{64} << 20);
}
