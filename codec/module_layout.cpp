// Hands the kernels of t-SNE and UMAP to Python.
#include "module_layout.h"

#include <nanobind/stl/string.h>

#include <span>
#include <string>

#include "layout/affinities.h"
#include "layout/barnes_hut.h"
#include "layout/distances.h"
#include "layout/forces.h"
#include "layout/knn_graph.h"
#include "module_arrays.h"

namespace nb = nanobind;
using namespace nb::literals;
namespace layout = cupola::layout;

namespace {

template <class Array>
auto span_of(const Array& array) {
  return std::span(array.data(), array.size());
}

/// A graph and the points that it looks at.
struct Graph {
  Graph(Matrix<float> rows, std::size_t k, std::uint64_t seed)
      : points(rows), graph({rows.data(), rows.shape(0), rows.shape(1)}, k, seed) {}

  Matrix<float> points;
  layout::KnnGraph graph;
};

Graph make_graph(Matrix<float> points, std::size_t k, std::uint64_t seed) {
  if (k < 1 || k >= points.shape(0)) throw nb::value_error("KnnGraph wants 1 <= k < number of points");
  return {points, k, seed};
}

nb::tuple sorted(const Graph& self, std::size_t k) {
  const layout::KnnGraph& graph = self.graph;
  if (k < 1 || k >= graph.count()) throw nb::value_error("wanted 1 <= k < number of points");
  auto squared = filled<float>([](float*) {}, graph.count(), k);
  auto indices = filled<std::int32_t>([&](std::int32_t* out) { graph.sorted(k, out, squared.data()); },
                                      graph.count(), k);
  return nb::make_tuple(indices, squared);
}

layout::Attraction edges_of(Column<std::int64_t> starts, Column<std::int32_t> columns, Column<float> values,
                            std::size_t count, std::size_t dimensions) {
  const bool fits = starts.size() == count + 1 && columns.size() == values.size() &&
                    starts(count) == static_cast<std::int64_t>(columns.size());
  if (!fits) throw nb::value_error("wanted the rows of one sparse matrix, as many as points");
  if (dimensions != 2 && dimensions != 3) throw nb::value_error("wanted points of 2 or 3 coordinates");
  return {span_of(starts), span_of(columns), span_of(values)};
}

nb::tuple symmetrized(Matrix<std::int32_t> indices, Matrix<float> weights, bool fuzzy) {
  if (indices.size() != weights.size()) throw nb::value_error("wanted a weight for each neighbour");
  for (const std::int32_t index : span_of(indices))
    if (index < 0 || static_cast<std::size_t>(index) >= indices.shape(0))
      throw nb::value_error("a neighbour is no row of the graph");
  layout::Sparse found;
  {
    nb::gil_scoped_release release;
    found = layout::symmetrized(span_of(indices), span_of(weights), indices.shape(1), fuzzy);
  }
  return nb::make_tuple(array_of(std::move(found.starts)), array_of(std::move(found.columns)),
                        array_of(std::move(found.values)));
}

nb::tuple repel(Matrix<float> y, float theta) {
  if (y.shape(1) != 2 && y.shape(1) != 3) throw nb::value_error("wanted points of 2 or 3 coordinates");
  double z = 0;
  auto forces =
      filled<float>([&](float* out) { z = layout::repel(y.data(), y.shape(0), y.shape(1), theta, out); },
                    y.shape(0), y.shape(1));
  return nb::make_tuple(forces, z);
}

nb::tuple attract(Column<std::int64_t> starts, Column<std::int32_t> columns, Column<float> values,
                  Matrix<float> y, bool with_loss) {
  const layout::Attraction edges = edges_of(starts, columns, values, y.shape(0), y.shape(1));
  double loss = 0;
  auto forces =
      filled<float>([&](float* out) { loss = layout::attract(edges, y.data(), y.shape(1), with_loss, out); },
                    y.shape(0), y.shape(1));
  return nb::make_tuple(forces, loss);
}

auto distances_from(Matrix<float> rows, std::size_t origin, const std::string& metric) {
  if (origin >= rows.shape(0)) throw nb::index_error("no such row");
  if (metric != "cosine" && metric != "euclidean" && metric != "dot")
    throw nb::value_error("wanted cosine, euclidean or dot");
  const auto kind = metric == "cosine"      ? layout::Metric::cosine
                    : metric == "euclidean" ? layout::Metric::euclidean
                                            : layout::Metric::dot;
  const layout::Points points{rows.data(), rows.shape(0), rows.shape(1)};
  return filled<double>([&](double* out) { layout::distances_from(points, origin, kind, out); },
                        rows.shape(0));
}

template <class Value>
using Changed = nb::ndarray<Value, nb::c_contig, nb::device::cpu>;

std::uint64_t umap_epoch(Column<std::int64_t> starts, Column<std::int32_t> columns, Column<float> every,
                         Changed<float> due, Changed<float> y, float epoch, float a, float b, float rate,
                         int negatives, std::uint64_t seed) {
  if (y.ndim() != 2 || due.size() != every.size())
    throw nb::value_error("wanted N×2 or N×3 and a turn for each edge");
  const layout::Attraction edges = edges_of(starts, columns, every, y.shape(0), y.shape(1));
  layout::Random random(seed);
  nb::gil_scoped_release release;
  layout::umap_epoch(edges, std::span(due.data(), due.size()), epoch, {a, b, rate, negatives}, random,
                     y.data(), y.shape(0), y.shape(1));
  return random.state();
}

}  // namespace

void bind_layout(nb::module_& module) {
  const nb::call_guard<nb::gil_scoped_release> alone;
  nb::class_<Graph>(module, "KnnGraph")
      .def(nb::new_(&make_graph), nb::arg().noconvert(), "k"_a, "seed"_a = 0)
      .def("compare_all",
           [](Graph& self, std::size_t begin, std::size_t end) {
             if (begin > end || end > self.graph.count()) throw nb::index_error("no such rows");
             nb::gil_scoped_release release;
             self.graph.compare_all(begin, end);
           })
      .def(
          "plant_tree", [](Graph& self) { self.graph.plant_tree(); }, alone)
      .def(
          "refine", [](Graph& self) { return self.graph.refine(); }, alone)
      .def("sorted", &sorted, "k"_a);
  module.def("perplexity_weights", [](Matrix<float> squared, double perplexity) {
    return filled<float>(
        [&](float* out) { layout::perplexity_weights(span_of(squared), squared.shape(1), perplexity, out); },
        squared.shape(0), squared.shape(1));
  });
  module.def("fuzzy_weights", [](Matrix<float> squared) {
    return filled<float>([&](float* out) { layout::fuzzy_weights(span_of(squared), squared.shape(1), out); },
                         squared.shape(0), squared.shape(1));
  });
  module.def("symmetrized", &symmetrized);
  module.def("repel", &repel);
  module.def("attract", &attract);
  module.def("distances_from", &distances_from, nb::arg().noconvert(), nb::arg(), nb::arg());
  module.def("umap_epoch", &umap_epoch, nb::arg().noconvert(), nb::arg().noconvert(), nb::arg().noconvert(),
             nb::arg().noconvert(), nb::arg().noconvert(), nb::arg(), nb::arg(), nb::arg(), nb::arg(),
             nb::arg(), nb::arg());
}
