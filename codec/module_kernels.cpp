// Hands the kernels over arrays to Python.
#include "module_kernels.h"

#include <algorithm>
#include <vector>

#include "kernels/bin_counts.h"
#include "kernels/bucket.h"
#include "kernels/interpolate.h"
#include "kernels/smooth.h"
#include "module_arrays.h"

namespace nb = nanobind;

namespace {

template <class Value>
nb::tuple count_bins(Column<Value> values, Column<double> edges) {
  if (edges.size() < 2) throw nb::value_error("count_bins wants at least two edges");
  cupola::BinCounts found;
  {
    nb::gil_scoped_release release;
    found =
        cupola::count_bins(std::span(values.data(), values.size()), std::span(edges.data(), edges.size()));
  }
  return nb::make_tuple(array_of(std::move(found.counts)), found.finite, found.min, found.max, found.sum,
                        found.sum_squares);
}

template <class Value>
auto bucket(Column<double> x, Column<Value> value, double low, double high, std::int64_t width) {
  if (x.size() != value.size()) throw nb::value_error("bucket wants as many values as places in x");
  if (width < 1) throw nb::value_error("bucket wants a width of at least one pixel");
  std::vector<std::int64_t> found;
  {
    nb::gil_scoped_release release;
    found = cupola::bucket(std::span(x.data(), x.size()), std::span(value.data(), value.size()), low, high,
                           static_cast<std::size_t>(width));
  }
  return array_of(std::move(found));
}

template <class Value>
auto interpolate(Column<double> places, Column<double> x, Column<Value> value) {
  if (x.size() != value.size()) throw nb::value_error("interpolate wants as many values as places in x");
  const std::span wanted(places.data(), places.size());
  const std::span at(x.data(), x.size());
  const std::span points(value.data(), value.size());
  return filled<double>([&](double* out) { cupola::interpolate(wanted, at, points, out); }, wanted.size());
}

template <class Value>
auto smooth(Column<Value> value, double weight) {
  const std::span points(value.data(), value.size());
  return filled<double>([&](double* out) { cupola::smooth(points, weight, out); }, points.size());
}

template <class Value>
auto smooth_at(Column<Value> value, double weight, Column<std::int64_t> places) {
  const std::span points(value.data(), value.size());
  const std::span wanted(places.data(), places.size());
  const bool inside =
      wanted.empty() || (wanted.front() >= 0 && wanted.back() < static_cast<std::int64_t>(points.size()));
  if (!inside || !std::is_sorted(wanted.begin(), wanted.end()))
    throw nb::value_error("smooth_at wants ascending places of points");
  return filled<double>([&](double* out) { cupola::smooth_at(points, weight, wanted, out); }, wanted.size());
}

}  // namespace

void bind_kernels(nb::module_& module) {
  module.def("count_bins", &count_bins<float>, nb::arg().noconvert(), nb::arg().noconvert());
  module.def("count_bins", &count_bins<double>, nb::arg().noconvert(), nb::arg().noconvert());
  module.def("bucket", &bucket<float>, nb::arg(), nb::arg().noconvert(), nb::arg(), nb::arg(), nb::arg());
  module.def("bucket", &bucket<double>);
  module.def("interpolate", &interpolate<float>, nb::arg(), nb::arg(), nb::arg().noconvert());
  module.def("interpolate", &interpolate<double>);
  module.def("smooth", &smooth<float>, nb::arg().noconvert(), nb::arg());
  module.def("smooth", &smooth<double>);
  module.def("smooth_at", &smooth_at<float>, nb::arg().noconvert(), nb::arg(), nb::arg().noconvert());
  module.def("smooth_at", &smooth_at<double>, nb::arg(), nb::arg(), nb::arg().noconvert());
}
