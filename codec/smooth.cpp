#include "smooth.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace cupola {

template <class Number>
void smooth(std::span<const Number> value, double weight, double* out) {
  weight = std::isfinite(weight) ? std::clamp(weight, 0.0, 1.0) : 0;
  if (std::all_of(value.begin(), value.end(), [&](Number number) { return number == value[0]; })) {
    std::copy(value.begin(), value.end(), out);
    return;
  }
  double last = 0, power = 1;  // power = weight ** count
  std::uint64_t count = 0;
  for (const Number number : value) {
    if (!std::isfinite(number)) {
      *out++ = number;
      continue;
    }
    last = last * weight + (1 - weight) * number;
    // By multiplying, and from time to time exactly, so that errors do not add up; far below a double's precision nothing is left of it.
    ++count;
    power = power < 1e-20 ? 0 : count % 64 ? power * weight : std::pow(weight, static_cast<double>(count));
    *out++ = last / (weight == 1 ? 1 : 1 - power);
  }
}

template void smooth(std::span<const float>, double, double*);
template void smooth(std::span<const double>, double, double*);

}  // namespace cupola
