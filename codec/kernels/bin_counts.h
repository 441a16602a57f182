#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace cupola {

/// What one pass over values finds out. All but `counts` is of the finite values; with none of them, min and
/// max are infinite.
struct BinCounts {
  std::vector<std::int64_t> counts;  ///< one for each bin: edges - 1
  std::size_t finite = 0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  double sum = 0, sum_squares = 0;
};

/// Counts values in bins `[edge, next edge)`, the last one closed, exactly as numpy.histogram does with the
/// same edges. Values outside all edges are in no bin; NaN and infinities are left out of everything. There
/// must be at least two edges, in order and finite.
BinCounts count_bins(std::span<const float> values, std::span<const double> edges);
BinCounts count_bins(std::span<const double> values, std::span<const double> edges);

}  // namespace cupola
