#include "layout/knn_graph.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "layout/parallel.h"

namespace cupola::layout {
namespace {

constexpr std::size_t kLeaf = 48;
constexpr std::size_t kSample = 16;  // neighbours of a point that one round joins, in each direction
constexpr std::size_t kPairsAtOnce = 4'000'000;

constexpr auto nearer = [](const auto& a, const auto& b) {
  return a.squared < b.squared || (a.squared == b.squared && a.index < b.index);
};

/// Adds to a list of at most `kSample`; `seen` counts what came before, so that each stays equally likely.
void reservoir(std::vector<std::int32_t>& list, std::uint32_t& seen, std::int32_t index, Random& random) {
  ++seen;
  if (list.size() < kSample) list.push_back(index);
  else if (const std::uint32_t place = random.below(seen); place < kSample) list[place] = index;
}

void sort_unique(std::vector<std::int32_t>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

KnnGraph::KnnGraph(Points points, std::size_t k, std::uint64_t seed)
    : points_(points), k_(k), random_(seed), neighbours_(points.count * k) {
  for (std::size_t point = 0; point < points.count; ++point)
    std::fill_n(row(point), k, Neighbour{std::numeric_limits<float>::infinity(), std::int32_t(point), false});
}

bool KnnGraph::insert(std::int32_t point, std::int32_t other, float squared) {
  Neighbour* heap = row(static_cast<std::size_t>(point));
  const Neighbour found{squared, other, true};
  if (!nearer(found, heap[0])) return false;
  if (std::any_of(heap, heap + k_, [&](const Neighbour& known) { return known.index == other; }))
    return false;
  std::pop_heap(heap, heap + k_, nearer);
  heap[k_ - 1] = found;
  std::push_heap(heap, heap + k_, nearer);
  return true;
}

void KnnGraph::compare_all(std::size_t begin, std::size_t end) {
  std::vector<std::int32_t> everyone(points_.count);
  std::iota(everyone.begin(), everyone.end(), 0);
  parallel_for(end - begin, 16, [&](std::size_t from, std::size_t to) {
    std::vector<float> squared(points_.count);
    std::vector<Neighbour> found(points_.count);
    for (std::size_t point = begin + from; point < begin + to; ++point) {
      squared_distances(points_, points_.row(point), everyone, squared.data());
      found.clear();
      for (const std::int32_t other : everyone)
        if (other != std::int32_t(point)) found.push_back({squared[std::size_t(other)], other, false});
      std::nth_element(found.begin(), found.begin() + std::ptrdiff_t(k_) - 1, found.end(), nearer);
      std::copy_n(found.begin(), k_, row(point));
      std::make_heap(row(point), row(point) + k_, nearer);
    }
  });
}

std::size_t KnnGraph::apply(const std::vector<Updates>& found) {
  std::vector<std::size_t> replaced(points_.count / 1024 + 1);
  parallel_for(replaced.size(), 4, [&](std::size_t from, std::size_t to) {
    for (const Updates& updates : found)
      for (const Update& update : updates)
        for (const auto& [point, other] : {std::pair(update.a, update.b), std::pair(update.b, update.a)})
          if (const std::size_t part = std::size_t(point) / 1024; from <= part && part < to)
            replaced[part] += insert(point, other, update.squared);
  });
  return std::reduce(replaced.begin(), replaced.end());
}

/// Compares members with one another. `members_of(group)` gives them, and how many from the front are
/// compared with all; the others are not compared among themselves.
std::size_t KnnGraph::join(std::size_t groups, const auto& members_of) {
  constexpr std::size_t parts = 64;
  std::size_t replaced = 0;
  for (std::size_t start = 0; start < groups;) {
    std::size_t stop = start;
    for (std::size_t pairs = 0; stop < groups && pairs < kPairsAtOnce; ++stop)
      pairs += members_of(stop).first.size() * members_of(stop).second;
    std::vector<Updates> found(parts);
    parallel_for(parts, 1, [&](std::size_t from, std::size_t to) {
      float squared[4 * kSample + kLeaf];
      for (std::size_t part = from; part < to; ++part)
        for (std::size_t group = start + (stop - start) * part / parts;
             group < start + (stop - start) * (part + 1) / parts; ++group) {
          const auto [members, fresh] = members_of(group);
          for (std::size_t at = 0; at < fresh; ++at) {
            const std::int32_t a = members[at];
            const auto others = members.subspan(at + 1);
            squared_distances(points_, points_.row(std::size_t(a)), others, squared);
            const float worst = row(std::size_t(a))->squared;
            for (std::size_t i = 0; i < others.size(); ++i)
              if (others[i] != a &&
                  (squared[i] <= worst || squared[i] <= row(std::size_t(others[i]))->squared))
                found[part].push_back({a, others[i], squared[i]});
          }
        }
    });
    replaced += apply(found);
    start = stop;
  }
  return replaced;
}

void KnnGraph::plant_tree() {
  std::vector<std::int32_t> order(points_.count);
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::pair<std::size_t, std::size_t>> leaves;
  split(order, leaves);
  join(leaves.size(), [&](std::size_t leaf) {
    const auto [begin, end] = leaves[leaf];
    return std::pair(std::span<const std::int32_t>(order).subspan(begin, end - begin), end - begin);
  });
}

void KnnGraph::split(std::vector<std::int32_t>& order,
                     std::vector<std::pair<std::size_t, std::size_t>>& leaves) {
  std::vector<std::pair<std::size_t, std::size_t>> open{{0, order.size()}};
  std::vector<float> to_left(order.size()), to_right(order.size());
  std::vector<std::int32_t> right_side;
  while (!open.empty()) {
    const auto [begin, end] = open.back();
    open.pop_back();
    const std::size_t count = end - begin;
    if (count <= kLeaf) {
      leaves.emplace_back(begin, end);
      continue;
    }
    const std::span members(order.data() + begin, count);
    const auto left = std::size_t(members[random_.below(count)]);
    const auto right = std::size_t(members[random_.below(count)]);
    parallel_for(count, 4096, [&](std::size_t from, std::size_t to) {
      const auto some = members.subspan(from, to - from);
      squared_distances(points_, points_.row(left), some, to_left.data() + from);
      squared_distances(points_, points_.row(right), some, to_right.data() + from);
    });
    right_side.clear();
    std::size_t middle = 0;
    for (std::size_t at = 0; at < count; ++at)
      if (to_left[at] < to_right[at]) members[middle++] = members[at];
      else right_side.push_back(members[at]);
    std::copy(right_side.begin(), right_side.end(), members.begin() + std::ptrdiff_t(middle));
    // Of equal points no hyperplane is between: any half will do.
    if (middle == 0 || middle == count) middle = count / 2;
    open.emplace_back(begin + middle, end);
    open.emplace_back(begin, begin + middle);
  }
}

void KnnGraph::sample(Candidates& fresh, Candidates& old) {
  std::vector<std::uint32_t> seen_fresh(points_.count), seen_old(points_.count);
  Candidates back_fresh(points_.count), back_old(points_.count);
  for (std::size_t point = 0; point < points_.count; ++point) {
    Neighbour* own = row(point);
    std::uint32_t seen = 0, seen_before = 0;
    for (std::size_t at = 0; at < k_; ++at)
      if (own[at].is_new) reservoir(fresh[point], seen, std::int32_t(at), random_);
      else if (own[at].index != std::int32_t(point))
        reservoir(old[point], seen_before, own[at].index, random_);
    for (std::int32_t& place : fresh[point]) {
      own[place].is_new = false;
      place = own[place].index;
    }
    const auto tell = [&](const auto& chosen, Candidates& back, auto& counts) {
      for (const std::int32_t other : chosen)
        reservoir(back[std::size_t(other)], counts[std::size_t(other)], std::int32_t(point), random_);
    };
    tell(fresh[point], back_fresh, seen_fresh);
    tell(old[point], back_old, seen_old);
  }
  for (std::size_t point = 0; point < points_.count; ++point) {
    fresh[point].insert(fresh[point].end(), back_fresh[point].begin(), back_fresh[point].end());
    old[point].insert(old[point].end(), back_old[point].begin(), back_old[point].end());
    sort_unique(fresh[point]);
    sort_unique(old[point]);
  }
}

std::size_t KnnGraph::refine() {
  Candidates fresh(points_.count), old(points_.count);
  sample(fresh, old);
  std::vector<std::size_t> fresh_counts(points_.count);
  for (std::size_t point = 0; point < points_.count; ++point) {
    fresh_counts[point] = fresh[point].size();
    fresh[point].insert(fresh[point].end(), old[point].begin(), old[point].end());
  }
  return join(points_.count, [&](std::size_t point) {
    return std::pair(std::span<const std::int32_t>(fresh[point]), fresh_counts[point]);
  });
}

/// Neighbours of a point and their neighbours, each once. `stamps` says for which point one was found last.
void KnnGraph::around(std::size_t point, std::vector<std::int32_t>& stamps,
                      std::vector<std::int32_t>& found) const {
  found.clear();
  const auto mark = std::int32_t(point);
  stamps[point] = mark;
  const auto take = [&](const Neighbour* own) {
    for (std::size_t at = 0; at < k_; ++at)
      if (std::int32_t& stamp = stamps[std::size_t(own[at].index)]; stamp != mark) {
        stamp = mark;
        found.push_back(own[at].index);
      }
  };
  take(row(point));
  const std::size_t direct = found.size();
  for (std::size_t at = 0; at < direct; ++at) take(row(std::size_t(found[at])));
}

void KnnGraph::sorted(std::size_t wanted, std::int32_t* indices, float* squared) const {
  parallel_for(points_.count, 1024, [&](std::size_t from, std::size_t to) {
    std::vector<std::int32_t> stamps(wanted > k_ ? points_.count : 0, -1), candidates;
    std::vector<float> apart;
    std::vector<Neighbour> own;
    for (std::size_t point = from; point < to; ++point) {
      own.assign(row(point), row(point) + k_);
      if (wanted > k_) {
        around(point, stamps, candidates);
        apart.resize(candidates.size());
        squared_distances(points_, points_.row(point), candidates, apart.data());
        own.clear();
        for (std::size_t at = 0; at < candidates.size(); ++at)
          own.push_back({apart[at], candidates[at], false});
      }
      const std::size_t kept = std::min(wanted, own.size());
      std::partial_sort(own.begin(), own.begin() + std::ptrdiff_t(kept), own.end(), nearer);
      own.resize(wanted, Neighbour{std::numeric_limits<float>::infinity(), std::int32_t(point), false});
      for (std::size_t at = 0; at < wanted; ++at) {
        indices[point * wanted + at] = own[at].index;
        squared[point * wanted + at] = own[at].squared;
      }
    }
  });
}

}  // namespace cupola::layout
