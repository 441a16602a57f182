#include "scan/steps.h"

#include <algorithm>
#include <utility>

namespace cupola {

void Steps::add_uneven(std::int64_t step) {
  if (size_ == 0) {
    first_ = step;
  } else if (size_ == 1) {
    stride_ = static_cast<std::uint64_t>(step) - static_cast<std::uint64_t>(first_);
    is_even_ = true;
  } else {
    if (is_even_) {
      std::vector<std::int64_t> even(size_);
      copy_to(even.data());
      all_ = std::move(even);
      is_even_ = false;
    }
    all_.push_back(step);
  }
  last_ = step;
  ++size_;
}

void Steps::copy_to(std::int64_t* out) const {
  if (!all_.empty()) {
    std::copy(all_.begin(), all_.end(), out);
    return;
  }
  std::int64_t step = first_;
  for (std::size_t i = 0; i < size_; ++i, step = after(step)) out[i] = step;
}

}  // namespace cupola
