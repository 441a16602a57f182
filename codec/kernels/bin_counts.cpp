#include "kernels/bin_counts.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

namespace cupola {
namespace {

template <class Value>
using Bits = std::conditional_t<sizeof(Value) == 4, std::uint32_t, std::uint64_t>;

constexpr unsigned kCells = 1u << 16;

/// The upper 16 bits of a value, turned so that cells stand in the order of the values in them.
template <class Value>
std::uint32_t cell_of(Value value) {
  const auto upper =
      static_cast<std::uint32_t>(std::bit_cast<Bits<Value>>(value) >> (8 * sizeof(Value) - 16));
  return upper & 0x8000u ? ~upper & 0xFFFFu : upper | 0x8000u;
}

/// The smallest value of a cell; NaN in the outermost ones.
template <class Value>
Value first_of(std::uint32_t cell) {
  constexpr int shift = 8 * sizeof(Value) - 16;
  const Bits<Value> low = ~Bits<Value>{0} >> 16;  // a negative value is smaller the larger its lower bits are
  return std::bit_cast<Value>(cell & 0x8000u ? Bits<Value>(cell & 0x7FFFu) << shift
                                             : Bits<Value>(~cell & 0xFFFFu) << shift | low);
}

/// How many edges are not above a value: a look into a table by the value's upper 16 bits, then a compare
/// with the next edge. In TensorBoard's bins no cell has more than one edge in it, so this one compare is
/// all, and without a branch. A handful of values is not worth the table.
template <class Value>
class EdgeFinder {
 public:
  EdgeFinder(std::span<const double> edges, std::size_t values) : edges_(edges.begin(), edges.end()) {
    edges_.push_back(std::numeric_limits<double>::infinity());  // above every finite value: ends each search
    if (values < kCells / 8) return;
    table_.resize(kCells);
    std::uint32_t below = 0;
    for (std::uint32_t cell = 0; cell < kCells; ++cell) {
      const double first = first_of<Value>(cell);
      const std::uint32_t before = below;
      while (below < edges.size() && edges_[below] <= first) ++below;
      crowded_ = crowded_ || below > before + 1;
      table_[cell] = below;
    }
  }

  std::size_t operator()(Value value) const {
    if (table_.empty())
      return static_cast<std::size_t>(std::upper_bound(edges_.begin(), edges_.end(), double{value}) -
                                      edges_.begin());
    std::size_t place = table_[cell_of(value)];
    place += edges_[place] <= value;
    if (crowded_) {
      while (edges_[place] <= value) ++place;
    }
    return place;
  }

 private:
  std::vector<double> edges_;
  std::vector<std::uint32_t> table_;
  bool crowded_ = false;
};

/// Smallest, largest, sums of a block, in lanes that the compiler can put side by side. Sums of short blocks,
/// added up, lose as little as pairwise summation does. False if something in the block is not finite; then
/// nothing is added.
template <class Value>
bool add_statistics(std::span<const Value> block, BinCounts& found) {
  constexpr std::size_t kLanes = 8;
  double sum[kLanes] = {}, squares[kLanes] = {}, odd[kLanes] = {};
  Value low[kLanes], high[kLanes];
  std::fill_n(low, kLanes, std::numeric_limits<Value>::infinity());
  std::fill_n(high, kLanes, -std::numeric_limits<Value>::infinity());
  const auto add = [&](std::size_t lane, Value value) {
    const double wide = value;
    sum[lane] += wide;
    squares[lane] += wide * wide;
    odd[lane] += wide - wide;  // NaN for what is not finite, and from then on
    low[lane] = value < low[lane] ? value : low[lane];
    high[lane] = value > high[lane] ? value : high[lane];
  };
  std::size_t at = 0;
  for (; at + kLanes <= block.size(); at += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) add(lane, block[at + lane]);
  }
  for (; at < block.size(); ++at) add(at % kLanes, block[at]);
  double total = 0, total_squares = 0, total_odd = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    total += sum[lane];
    total_squares += squares[lane];
    total_odd += odd[lane];
  }
  if (total_odd != 0) return false;
  found.finite += block.size();
  found.sum += total;
  found.sum_squares += total_squares;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    found.min = std::min(found.min, double{low[lane]});
    found.max = std::max(found.max, double{high[lane]});
  }
  return true;
}

template <class Value>
BinCounts count(std::span<const Value> values, std::span<const double> edges) {
  constexpr std::size_t kBlock = 1024;
  const EdgeFinder<Value> find(edges, values.size());
  const double last = edges.back();
  BinCounts found;
  // One slot before the first bin and one behind the last; two sets, so that equal neighbours do not wait for
  // each other.
  std::vector<std::int64_t> even(edges.size() + 1), odd(edges.size() + 1);
  const auto slot = [&](Value value) {
    const std::size_t place = find(value);
    return place == edges.size() && value == last ? place - 1 : place;
  };
  std::vector<Value> kept;
  for (std::size_t start = 0; start < values.size(); start += kBlock) {
    std::span<const Value> block = values.subspan(start, std::min(kBlock, values.size() - start));
    if (!add_statistics(block, found)) {
      kept.clear();
      std::copy_if(block.begin(), block.end(), std::back_inserter(kept),
                   [](Value value) { return std::isfinite(value); });
      block = kept;
      add_statistics(block, found);
    }
    std::size_t at = 0;
    for (; at + 2 <= block.size(); at += 2) {
      ++even[slot(block[at])];
      ++odd[slot(block[at + 1])];
    }
    if (at < block.size()) ++even[slot(block[at])];
  }
  found.counts.resize(edges.size() - 1);
  for (std::size_t bin = 0; bin < found.counts.size(); ++bin)
    found.counts[bin] = even[bin + 1] + odd[bin + 1];
  return found;
}

}  // namespace

BinCounts count_bins(std::span<const float> values, std::span<const double> edges) {
  return count(values, edges);
}
BinCounts count_bins(std::span<const double> values, std::span<const double> edges) {
  return count(values, edges);
}

}  // namespace cupola
