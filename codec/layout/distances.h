#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace cupola::layout {

/// Points as rows of `width` numbers.
struct Points {
  const float* data;
  std::size_t count, width;

  const float* row(std::size_t index) const { return data + index * width; }
};

/// Squared Euclidean distances from `origin` to the rows that `indices` name.
void squared_distances(const Points& points, const float* origin, std::span<const std::int32_t> indices,
                       float* out);

/// How far two rows are apart: one less the cosine of their angle (a zero row is at 1 from all), Euclidean,
/// or their negative dot product, so that the most alike are the nearest here too.
enum class Metric { cosine, euclidean, dot };

/// Distances from one row to all, summed in double precision; NaN from and to rows that are not finite.
void distances_from(const Points& points, std::size_t origin, Metric metric, double* out);

}  // namespace cupola::layout
