#pragma once
#include <span>

namespace cupola {

/// TensorBoard's debiased exponential moving average, into `out` of the same length.
/// Source: tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts, `classicSmoothing` (tensorboard 2.21.0)
template <class Number>
void smooth(std::span<const Number> value, double weight, double* out);

}  // namespace cupola
