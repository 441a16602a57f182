#pragma once
#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

namespace cupola::layout {

/// Calls `work(begin, end)` for contiguous parts of [0, count), each on a thread of its own. What `work`
/// writes must not depend on where parts begin, so that a result is the same on every machine.
template <class Work>
void parallel_for(std::size_t count, std::size_t least, Work work) {
  const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 16);
  const std::size_t parts = std::clamp<std::size_t>(count / std::max<std::size_t>(least, 1), 1, cores);
  std::vector<std::thread> threads;
  for (std::size_t part = 1; part < parts; ++part)
    threads.emplace_back([=, &work] { work(count * part / parts, count * (part + 1) / parts); });
  work(0, count / parts);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace cupola::layout
