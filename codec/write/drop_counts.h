#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace cupola {

/// How many events were lost, by their kind: `scalars`, `images`, or what else their plugin is called.
class DropCounts {
 public:
  void add(const std::string& kind, std::uint64_t count) {
    total_ += count;
    by_kind_[kind] += count;
  }
  std::uint64_t total() const { return total_; }
  const std::map<std::string, std::uint64_t>& by_kind() const { return by_kind_; }

 private:
  std::uint64_t total_ = 0;
  std::map<std::string, std::uint64_t> by_kind_;
};

/// `12 scalars, 1 images`, the most frequent first; of more than six kinds the rest is one.
std::string to_text(const DropCounts& counts);

}  // namespace cupola
