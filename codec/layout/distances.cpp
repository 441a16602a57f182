#include "layout/distances.h"

#include "layout/clones.h"

namespace cupola::layout {

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
