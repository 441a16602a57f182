#pragma once
#include <cstdint>
#include <span>

#include "layout/random.h"

namespace cupola::layout {

/// Edges by rows, and the points' coordinates, `dimensions` of them for each.
struct Attraction {
  std::span<const std::int64_t> starts;
  std::span<const std::int32_t> columns;
  std::span<const float> values;
};

/// The attraction of t-SNE: Σ p q (y_i − y_j) of every point's edges into `out`, where q = 1 / (1 + |y_i −
/// y_j|²). Returns −Σ p log q, a term of the loss, if that is wanted: logarithms take as long as all else.
double attract(const Attraction& edges, const float* y, std::size_t dimensions, bool with_loss, float* out);

/// How UMAP's low-dimensional similarity 1 / (1 + a d^2b) falls, and how it is sampled.
struct UmapRule {
  float a, b, rate;
  int negatives;
};

/// One epoch of UMAP's stochastic gradient descent, in place. The value of an edge is after how many epochs
/// its turn comes again, `due` the epoch of its next turn. Source: umap-learn 0.5, `umap/layouts.py`,
/// `_optimize_layout_euclidean_single_epoch`
void umap_epoch(const Attraction& edges, std::span<float> due, float epoch, const UmapRule& rule,
                Random& random, float* y, std::size_t count, std::size_t dimensions);

}  // namespace cupola::layout
