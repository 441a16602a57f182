#pragma once
#include <cstdint>

namespace cupola {

/// Calls to storage that tests let fail.
enum class Call { kWrite, kClose };

/// For tests: the `after`-th such call of this process (not of its children) from now on (1 is the next) and
/// the `times` - 1 behind it fail with `error`; each of them sleeps `stall_s` first. `error` 0 only stalls. A
/// write that fails has written half of its bytes. `times` 0 ends it.
void inject_fault(Call call, std::int64_t after, int error, std::int64_t times, double stall_s);

/// The errno that this call must fail with, or 0.
int next_fault(Call call);

}  // namespace cupola
