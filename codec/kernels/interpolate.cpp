#include "kernels/interpolate.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace cupola {

template <class Number>
void interpolate(std::span<const double> places, std::span<const double> x, std::span<const Number> value,
                 double* out) {
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  if (places.empty()) return;
  // How many points are not behind the place.
  auto passed = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), places.front()) - x.begin());
  double slope = 0;
  std::size_t slope_of = 0;  // the points that were passed when it was taken; 0 if it was not
  for (const double place : places) {
    while (passed < x.size() && x[passed] <= place) ++passed;
    if (passed == 0) {
      *out++ = kNothing;
      continue;
    }
    const std::size_t last = passed - 1;
    const double left = static_cast<double>(value[last]);
    if (x[last] == place) {
      *out++ = left;
      continue;
    }
    if (passed == x.size()) {
      *out++ = kNothing;
      continue;
    }
    const double right = static_cast<double>(value[passed]);
    if (slope_of != passed) {
      slope = (right - left) / (x[passed] - x[last]);
      slope_of = passed;
    }
    double found = slope * (place - x[last]) + left;
    if (std::isnan(found)) {  // an infinite value on one side only tells from that side
      found = slope * (place - x[passed]) + right;
      if (std::isnan(found) && left == right) found = left;
    }
    *out++ = found;
  }
}

template void interpolate<float>(std::span<const double>, std::span<const double>, std::span<const float>,
                                 double*);
template void interpolate<double>(std::span<const double>, std::span<const double>, std::span<const double>,
                                  double*);

}  // namespace cupola
