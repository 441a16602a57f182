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
/// 20 µs to the interval. Over time that is one write per interval, and what a program that ends at once
/// leaves behind is most of what it logged.
class Pace {
 public:
  explicit Pace(double interval_s)
      : interval_s_(std::max(interval_s, kShortest_s)),
        highest_(std::log(interval_s_ / kShortest_s) / std::log(kGrowth)) {}

  /// Not before this moment, unless there is a full block.
  Clock::time_point due() const {
    return last_ + ticks(level_ == 0 ? 0.0 : std::min(kShortest_s * std::pow(kGrowth, level_), interval_s_));
  }

  /// Something was written.
  void written(Clock::time_point now) {
    double passed = std::chrono::duration<double>(now - last_).count();
    level_ = std::min(std::max(level_ - passed / interval_s_, 0.0) + 1.0, highest_);
    last_ = now;
  }

 private:
  static constexpr double kShortest_s = 20e-6, kGrowth = 1.25;

  double interval_s_, highest_;
  double level_ = 0;  // grows by one with each write and shrinks by one in each interval
  Clock::time_point last_{};
};

}  // namespace cupola
