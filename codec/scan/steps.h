#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cupola {

/// The steps of points in a row: a first one and a stride for as long as they are even, which those of most
/// logs are, and each step from the first uneven one on. docs/design/0011 has what that saves.
class Steps {
 public:
  std::size_t size() const { return size_; }
  std::int64_t front() const { return first_; }
  std::int64_t back() const { return last_; }

  void add(std::int64_t step) {
    if (is_even_ && step == after(last_)) [[likely]] {
      last_ = step;
      ++size_;
    } else {
      add_uneven(step);
    }
  }

  /// All of them, into memory for `size()`.
  void copy_to(std::int64_t* out) const;

 private:
  /// Wraps around as the file's own 64 bits do.
  std::int64_t after(std::int64_t step) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(step) + stride_);
  }
  void add_uneven(std::int64_t step);

  std::int64_t first_ = 0, last_ = 0;
  std::uint64_t stride_ = 0;
  std::size_t size_ = 0;
  bool is_even_ = false;           // and `stride_` is known
  std::vector<std::int64_t> all_;  // once they are uneven
};

}  // namespace cupola
