#include "kernels/smooth.h"

#include <algorithm>
#include <cmath>

namespace cupola {
namespace {

/// The average, one point after the other.
class Average {
 public:
  explicit Average(double weight) : weight_(std::isfinite(weight) ? std::clamp(weight, 0.0, 1.0) : 0) {}

  double add(double number) {
    if (!std::isfinite(number)) return number;
    last_ = last_ * weight_ + (1 - weight_) * number;
    // By multiplying, and from time to time exactly, so that errors do not add up; far below a double's
    // precision nothing is left of it.
    ++count_;
    power_ = power_ < 1e-20 ? 0
             : count_ % 64  ? power_ * weight_
                            : std::pow(weight_, static_cast<double>(count_));
    return last_ / (weight_ == 1 ? 1 : 1 - power_);
  }

 private:
  const double weight_;
  double last_ = 0, power_ = 1;  // power = weight ** count
  std::uint64_t count_ = 0;
};

template <class Number>
bool is_constant(std::span<const Number> value) {
  return std::all_of(value.begin(), value.end(), [&](Number number) { return number == value[0]; });
}

}  // namespace

template <class Number>
void smooth(std::span<const Number> value, double weight, double* out) {
  if (is_constant(value)) {
    std::copy(value.begin(), value.end(), out);
    return;
  }
  Average average(weight);
  for (const Number number : value) *out++ = average.add(number);
}

template <class Number>
void smooth_at(std::span<const Number> value, double weight, std::span<const std::int64_t> places,
               double* out) {
  if (is_constant(value)) {
    for (const std::int64_t place : places) *out++ = value[static_cast<std::size_t>(place)];
    return;
  }
  Average average(weight);
  double now = 0;
  std::size_t done = 0;
  for (const std::int64_t place : places) {
    for (; done <= static_cast<std::size_t>(place); ++done) now = average.add(value[done]);
    *out++ = now;
  }
}

template void smooth(std::span<const float>, double, double*);
template void smooth(std::span<const double>, double, double*);
template void smooth_at(std::span<const float>, double, std::span<const std::int64_t>, double*);
template void smooth_at(std::span<const double>, double, std::span<const std::int64_t>, double*);

}  // namespace cupola
