#include "write/faults.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "write/output_file.h"

namespace cupola {
namespace {

struct Fault {
  std::mutex mutex;
  std::int64_t after = 0, times = 0;
  int error = 0;
  double stall_s = 0;
  std::atomic<int> process{
      0};  // the one that it is for: not a forked child, which might inherit a held mutex
};

Fault faults[2];

}  // namespace

void inject_fault(Call call, std::int64_t after, int error, std::int64_t times, double stall_s) {
  Fault& fault = faults[static_cast<int>(call)];
  std::lock_guard lock(fault.mutex);
  fault.after = after;
  fault.error = error;
  fault.times = times;
  fault.stall_s = stall_s;
  fault.process = times > 0 ? process_id() : 0;
}

int next_fault(Call call) {
  Fault& fault = faults[static_cast<int>(call)];
  int process = fault.process.load(std::memory_order_relaxed);
  if (!process || process != process_id()) return 0;
  double stall_s;
  int error;
  {
    std::lock_guard lock(fault.mutex);
    if (--fault.after > 0) return 0;
    if (fault.times <= 0) return fault.process = 0, 0;
    --fault.times;
    stall_s = fault.stall_s;
    error = fault.error;
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(stall_s));
  return error;
}

}  // namespace cupola
