#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cupola {

/// Indices of the points that show a series over [low, high] in `width` pixels as all of its points would;
/// src/cupola/_codec.pyi says which.
template <class Number>
std::vector<std::int64_t> bucket(std::span<const double> x, std::span<const Number> value, double low,
                                 double high, std::size_t width);

}  // namespace cupola
