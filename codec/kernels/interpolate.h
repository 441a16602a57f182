#pragma once
#include <span>

namespace cupola {

/// A series at other places: its value where it has one, what lies on the straight line between its
/// neighbours where it has none, NaN beyond its ends. Both `places` and `x` ascend, so one walk over both is
/// enough. The numbers are `numpy.interp`'s.
/// Source: numpy/_core/src/multiarray/compiled_base.c, `arr_interp` (numpy 2.4)
template <class Number>
void interpolate(std::span<const double> places, std::span<const double> x, std::span<const Number> value,
                 double* out);

}  // namespace cupola
