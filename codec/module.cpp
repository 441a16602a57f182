// The only file that knows Python: it hands the codec's nouns over and releases the GIL.
#include <nanobind/nanobind.h>

#include "module_jobs.h"
#include "module_kernels.h"
#include "module_layout.h"
#include "module_scan.h"
#include "module_writer.h"

namespace nb = nanobind;

NB_MODULE(_codec, module) {
  module.doc() = "The native codec: bytes of event files, nothing of plugins.";
  // Scanners live in daemon threads, which the interpreter does not wait for: what it calls a leak at its end
  // is none.
  nb::set_leak_warnings(false);
  bind_crc32c(module);
  bind_interrupts(module);
  bind_jobs(module);
  bind_kernels(module);
  bind_layout(module);
  bind_scan(module);
  bind_writer(module);
}
