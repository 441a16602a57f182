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

}  // namespace cupola::layout
