#include "write/drop_counts.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace cupola {

std::string to_text(const DropCounts& counts) {
  constexpr std::size_t kMostKinds = 6, kLongestKind = 30;  // a plugin may be called anything
  std::vector<std::pair<std::string, std::uint64_t>> kinds(counts.by_kind().begin(), counts.by_kind().end());
  std::stable_sort(kinds.begin(), kinds.end(), [](auto& a, auto& b) { return a.second > b.second; });
  std::string text;
  std::uint64_t rest = counts.total();
  for (std::size_t i = 0; i < kinds.size() && i < kMostKinds; ++i) {
    text += (i ? ", " : "") + std::to_string(kinds[i].second) + " " + kinds[i].first.substr(0, kLongestKind);
    rest -= kinds[i].second;
  }
  return rest ? text + ", " + std::to_string(rest) + " others" : text;
}

}  // namespace cupola
