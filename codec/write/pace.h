#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>

namespace cupola {

using Clock = std::chrono::steady_clock;  // the wall clock may be set back

inline Clock::duration ticks(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

/// When a file is to be written next, so that little waits in memory and few writes are made.
///
/// What comes after a pause is written at once; while more comes, the pauses grow by a quarter each, from
/// 20 µs to the interval. So a program that ends at once leaves most of what it logged, one that logs seldom
/// leaves all, and one that logs without end makes one write per interval.
class Pace {
 public:
  /// Not before this moment, unless there is a full block.
  Clock::time_point due() const { return due_; }

  /// Something was written; `interval_s` is the longest pause.
  void written(Clock::time_point now, double interval_s) {
    interval_s = std::max(interval_s, kShortest_s);
    double passed = std::chrono::duration<double>(now - last_).count();
    double highest = std::log(interval_s / kShortest_s) / std::log(kGrowth);
    level_ = std::min(std::max(level_ - passed / interval_s, 0.0) + 1.0, highest);
    last_ = now;
    due_ = now + ticks(kShortest_s * std::pow(kGrowth, level_));
  }

 private:
  static constexpr double kShortest_s = 20e-6, kGrowth = 1.25;

  double level_ = 0;  // grows by one with each write and shrinks by one in each interval
  Clock::time_point last_{}, due_{};
};

}  // namespace cupola
