// The only file that knows Python: it hands the codec's nouns over and releases the GIL.
#include <nanobind/nanobind.h>

#include "crc32c.h"
#include "module_kernels.h"
#include "module_writer.h"

namespace nb = nanobind;

NB_MODULE(_codec, module) {
  module.doc() = "The native codec: bytes of event files, nothing of plugins.";
  module.def("crc32c", [](nb::bytes data, std::uint32_t crc) { return cupola::crc32c(data.c_str(), data.size(), crc); },
             nb::arg("data"), nb::arg("crc") = 0);
  bind_kernels(module);
  bind_writer(module);
}
