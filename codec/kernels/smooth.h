#pragma once
#include <cstdint>
#include <span>

namespace cupola {

/// TensorBoard's debiased exponential moving average, into `out` of the same length.
/// Source: tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts, `classicSmoothing`
/// (tensorboard 2.21.0)
template <class Number>
void smooth(std::span<const Number> value, double weight, double* out);

/// The same at some places only, into `out` of the length of `places`, which ascend. Fresh memory for every
/// point would cost more than the average.
template <class Number>
void smooth_at(std::span<const Number> value, double weight, std::span<const std::int64_t> places,
               double* out);

}  // namespace cupola
