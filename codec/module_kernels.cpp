// Hands the kernels over arrays to Python.
#include "module_kernels.h"

#include <nanobind/ndarray.h>

#include <algorithm>

#include "histogram.h"

namespace nb = nanobind;

namespace {

template <class Value>
using Column = nb::ndarray<const Value, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

template <class Value>
nb::tuple count_bins(Column<Value> values, Column<double> edges) {
  if (edges.size() < 2) throw nb::value_error("count_bins wants at least two edges");
  cupola::BinCounts found;
  {
    nb::gil_scoped_release release;
    found = cupola::count_bins(std::span(values.data(), values.size()), std::span(edges.data(), edges.size()));
  }
  const std::size_t bins = found.counts.size();
  auto* counts = new std::int64_t[bins];
  nb::capsule owner(counts, [](void* data) noexcept { delete[] static_cast<std::int64_t*>(data); });
  std::copy(found.counts.begin(), found.counts.end(), counts);
  return nb::make_tuple(nb::ndarray<nb::numpy, std::int64_t, nb::ndim<1>>(counts, {bins}, owner), found.finite, found.min, found.max,
                        found.sum, found.sum_squares);
}

}  // namespace

void bind_kernels(nb::module_& module) {
  module.def("count_bins", &count_bins<float>, nb::arg().noconvert(), nb::arg().noconvert());
  module.def("count_bins", &count_bins<double>, nb::arg().noconvert(), nb::arg().noconvert());
}
