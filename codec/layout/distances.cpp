#include "layout/distances.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "layout/clones.h"
#include "layout/parallel.h"

namespace cupola::layout {
namespace {

constexpr std::size_t kRowsOfPart = 1024;

/// Sums over two rows: products and the second row's squares, or squares of differences.
struct Sums {
  double product, square;
};

template <bool euclidean>
CUPOLA_INLINE Sums sums_of(const float* origin, const float* row, std::size_t width) {
  constexpr std::size_t lanes = 8;
  const std::size_t whole = width - width % lanes;
  double products[lanes] = {}, squares[lanes] = {};  // vectorised without changing their meaning
  const auto add = [&](std::size_t at, std::size_t lane) {
    const double a = origin[at], b = row[at];
    if constexpr (euclidean) {
      squares[lane] += (b - a) * (b - a);
    } else {
      products[lane] += a * b;
      squares[lane] += b * b;
    }
  };
  for (std::size_t at = 0; at < whole; at += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) add(at + lane, lane);
  for (std::size_t at = whole; at < width; ++at) add(at, at - whole);
  for (std::size_t half = lanes / 2; half > 0; half /= 2)
    for (std::size_t lane = 0; lane < half; ++lane) {
      products[lane] += products[lane + half];
      squares[lane] += squares[lane + half];
    }
  return {products[0], squares[0]};
}

CUPOLA_CLONES void some_distances(const Points& points, std::size_t origin, Metric metric, std::size_t begin,
                                  std::size_t end, double* out) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const float* from = points.row(origin);
  const double own = sums_of<false>(from, from, points.width).square;
  for (std::size_t index = begin; index < end; ++index) {
    const float* row = points.row(index);
    const auto [product, square] = metric == Metric::euclidean ? sums_of<true>(from, row, points.width)
                                                               : sums_of<false>(from, row, points.width);
    if (!std::isfinite(square) || !std::isfinite(own)) out[index] = none;
    else if (metric == Metric::euclidean) out[index] = std::sqrt(square);
    else if (metric == Metric::dot) out[index] = -product;
    else {
      const double lengths = std::sqrt(own) * std::sqrt(square);
      out[index] = 1 - std::clamp(lengths > 0 ? product / lengths : 0.0, -1.0, 1.0);
    }
  }
}

}  // namespace

void distances_from(const Points& points, std::size_t origin, Metric metric, double* out) {
  parallel_for(points.count, kRowsOfPart, [&](std::size_t begin, std::size_t end) {
    some_distances(points, origin, metric, begin, end, out);
  });
}

CUPOLA_CLONES void squared_distances(const Points& points, const float* origin,
                                     std::span<const std::int32_t> indices, float* out) {
  constexpr std::size_t lanes = 16;
  const std::size_t width = points.width, whole = width - width % lanes;
  for (const std::int32_t index : indices) {
    const float* row = points.data + static_cast<std::size_t>(index) * width;
    float sums[lanes] = {};  // so that the sum may be vectorised without changing its meaning
    for (std::size_t at = 0; at < whole; at += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const float apart = row[at + lane] - origin[at + lane];
        sums[lane] += apart * apart;
      }
    for (std::size_t at = whole; at < width; ++at) {
      const float apart = row[at] - origin[at];
      sums[at - whole] += apart * apart;
    }
    for (std::size_t half = lanes / 2; half > 0; half /= 2)
      for (std::size_t lane = 0; lane < half; ++lane) sums[lane] += sums[lane + half];
    *out++ = sums[0];
  }
}

}  // namespace cupola::layout
