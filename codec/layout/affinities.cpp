#include "layout/affinities.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "layout/parallel.h"

namespace cupola::layout {
namespace {

/// The x > 0 at which an `excess` that falls with x is zero, by bisection.
template <class Excess>
double root(double guess, Excess excess) {
  double low = 0, high = std::numeric_limits<double>::infinity(), x = guess;
  for (int round = 0; round < 64; ++round) {
    const double above = excess(x);
    if (std::abs(above) < 1e-5) break;
    (above > 0 ? low : high) = x;
    x = std::isinf(high) ? 2 * x : (low + high) / 2;
  }
  return x;
}

}  // namespace

void perplexity_weights(std::span<const float> squared, std::size_t k, double perplexity, float* out) {
  const double entropy = std::log(perplexity);
  parallel_for(squared.size() / k, 256, [&](std::size_t from, std::size_t to) {
    for (std::size_t point = from; point < to; ++point) {
      const float* d = squared.data() + point * k;
      float* p = out + point * k;
      const float nearest = *std::min_element(d, d + k);
      if (std::isinf(nearest)) {  // a point without neighbours
        std::fill_n(p, k, 0.0f);
        continue;
      }
      double mean = 0, found = 0;
      for (std::size_t at = 0; at < k; ++at)
        if (!std::isinf(d[at])) mean += d[at] - nearest, ++found;
      const double guess = mean > 0 ? found / mean : 1;
      double sum = 1;
      root(guess, [&](double beta) {
        double weighted = 0;
        sum = 0;
        for (std::size_t at = 0; at < k; ++at) {
          const double apart = d[at] - nearest, weight = std::exp(-beta * apart);
          p[at] = static_cast<float>(weight);
          sum += weight;
          if (weight > 0) weighted += apart * weight;
        }
        return std::log(sum) + beta * weighted / sum - entropy;
      });
      for (std::size_t at = 0; at < k; ++at) p[at] = static_cast<float>(p[at] / sum);
    }
  });
}

void fuzzy_weights(std::span<const float> squared, std::size_t k, float* out) {
  const double target = std::log2(static_cast<double>(k) + 1) - 1;  // without the point itself
  parallel_for(squared.size() / k, 256, [&](std::size_t from, std::size_t to) {
    for (std::size_t point = from; point < to; ++point) {
      const float* d = squared.data() + point * k;
      float* w = out + point * k;
      double nearest = std::numeric_limits<double>::infinity(), mean = 0;
      for (std::size_t at = 0; at < k; ++at) {
        const double apart = std::sqrt(static_cast<double>(d[at]));
        if (apart > 0) nearest = std::min(nearest, apart);
        if (!std::isinf(apart)) mean += apart / static_cast<double>(k);
      }
      if (std::isinf(nearest)) nearest = 0;
      const auto weigh = [&](double rate) {
        double sum = 0;
        for (std::size_t at = 0; at < k; ++at) {
          const double apart = std::sqrt(static_cast<double>(d[at])) - nearest;
          const double weight = std::isinf(apart) ? 0 : apart > 0 ? std::exp(-apart * rate) : 1;
          w[at] = static_cast<float>(weight);
          sum += weight;
        }
        return sum - target;
      };
      // Where many are as near as the nearest, no rate reaches the target; σ has a floor, as in umap-learn.
      const double most = mean > 0 ? 1e3 / mean : 1;
      weigh(std::min(root(mean > 0 ? 1 / mean : 1, weigh), most));
    }
  });
}

Sparse symmetrized(std::span<const std::int32_t> indices, std::span<const float> weights, std::size_t k,
                   bool fuzzy) {
  const std::size_t count = indices.size() / k;
  struct Entry {
    std::int32_t column;
    float there, back;
  };
  std::vector<std::int64_t> ends(count + 1);
  const auto each = [&](auto act) {
    for (std::size_t at = 0; at < indices.size(); ++at)
      if (const std::size_t point = at / k, other = std::size_t(indices[at]); point != other)
        act(point, other, weights[at]);
  };
  each([&](std::size_t point, std::size_t other, float) { ++ends[point + 1], ++ends[other + 1]; });
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<Entry> entries(static_cast<std::size_t>(ends.back()));
  std::vector<std::int64_t> next(ends.begin(), ends.end() - 1);
  each([&](std::size_t point, std::size_t other, float weight) {
    entries[std::size_t(next[point]++)] = {std::int32_t(other), weight, 0};
    entries[std::size_t(next[other]++)] = {std::int32_t(point), 0, weight};
  });
  Sparse out;
  out.starts.assign(count + 1, 0);
  parallel_for(count, 2048, [&](std::size_t from, std::size_t to) {
    for (std::size_t point = from; point < to; ++point) {
      Entry* begin = entries.data() + ends[point];
      Entry* end = entries.data() + ends[point + 1];
      std::sort(begin, end, [](const Entry& a, const Entry& b) { return a.column < b.column; });
      Entry* last = begin;
      for (Entry* entry = begin; entry != end; ++entry)
        if (entry != last && entry->column == last->column)
          last->there += entry->there, last->back += entry->back;
        else if (entry != begin) *++last = *entry;
      out.starts[point + 1] = begin == end ? 0 : last - begin + 1;
    }
  });
  std::partial_sum(out.starts.begin(), out.starts.end(), out.starts.begin());
  out.columns.resize(static_cast<std::size_t>(out.starts.back()));
  out.values.resize(out.columns.size());
  for (std::size_t point = 0; point < count; ++point)
    for (std::int64_t at = out.starts[point]; at < out.starts[point + 1]; ++at) {
      const auto& [column, there, back] = entries[std::size_t(ends[point] + at - out.starts[point])];
      out.columns[std::size_t(at)] = column;
      out.values[std::size_t(at)] = fuzzy ? there + back - there * back : there + back;
    }
  return out;
}

}  // namespace cupola::layout
