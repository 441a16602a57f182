#pragma once
#include <cstdint>

#include "format/cursor.h"

namespace cupola {

/// What a scan wants to know of a tensor.
enum class TensorKind {
  scalar,     ///< one number
  other,      ///< something else, for those who know its plugin
  malformed,  ///< not a `TensorProto`
};

/// The number in a `TensorProto` of exactly one numeric element, of rank 0 or (if not `rank_0_only`) of any
/// shape of one element. 64-bit integers that a double cannot hold are rounded. Source:
/// tensorboard/compat/proto/{tensor,tensor_shape,types}.proto (tensorboard 2.21.0)
TensorKind parse_scalar_tensor(Bytes tensor, bool rank_0_only, double& number);

}  // namespace cupola
