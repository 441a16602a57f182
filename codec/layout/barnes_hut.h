#pragma once
#include <cstddef>

namespace cupola::layout {

/// The repulsion of t-SNE among `count` points of `dimensions` (2 or 3) coordinates each: for every point
/// Σ q² (y_i − y_j) into `out`, where q = 1 / (1 + |y_i − y_j|²). Returns Z = Σ q over all ordered pairs.
///
/// Far cells of a tree count as one point in their middle, by the Barnes–Hut rule: where a cell's side is
/// less than `theta` times its distance. Cells are judged for a leaf's points together, by the nearest of
/// them.
///
/// Source: van der Maaten, "Accelerating t-SNE using tree-based algorithms" (JMLR 15, 2014)
double repel(const float* y, std::size_t count, std::size_t dimensions, float theta, float* out);

}  // namespace cupola::layout
