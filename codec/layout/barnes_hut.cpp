#include "layout/barnes_hut.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "layout/clones.h"
#include "layout/parallel.h"

namespace cupola::layout {
namespace {

constexpr std::size_t kLeaf = 16;

/// Points of one leaf, filled up to its size by copies that nobody reads.
template <std::size_t D>
struct Group {
  float place[D][kLeaf];
  float force[D][kLeaf];
  float sum[kLeaf];
};

/// What acts on a group: points, or the middles of cells with the number of their points.
template <std::size_t D>
using Sources = std::vector<std::array<float, D + 1>>;

template <std::size_t D>
inline void act(Group<D>& group, const Sources<D>& sources) {
  for (const auto& source : sources)
    for (std::size_t lane = 0; lane < kLeaf; ++lane) {
      float apart[D], squared = 1;
      for (std::size_t axis = 0; axis < D; ++axis) {
        apart[axis] = group.place[axis][lane] - source[axis];
        squared += apart[axis] * apart[axis];
      }
      const float q = 1 / squared, weighted = source[D] * q, push = weighted * q;
      group.sum[lane] += weighted;
      for (std::size_t axis = 0; axis < D; ++axis) group.force[axis][lane] += push * apart[axis];
    }
}

CUPOLA_CLONES void act_on(Group<2>& group, const Sources<2>& sources) { act<2>(group, sources); }
CUPOLA_CLONES void act_on(Group<3>& group, const Sources<3>& sources) { act<3>(group, sources); }

/// A tree of cells that halve their side at each level, over points in the order of their Morton codes.
template <std::size_t D>
class Tree {
 public:
  Tree(const float* y, std::size_t count) : y_(y), order_(count) {
    std::array<float, D> low, high;
    low.fill(std::numeric_limits<float>::max());
    high.fill(std::numeric_limits<float>::lowest());
    for (std::size_t point = 0; point < count; ++point)
      for (std::size_t axis = 0; axis < D; ++axis) {
        low[axis] = std::min(low[axis], y[point * D + axis]);
        high[axis] = std::max(high[axis], y[point * D + axis]);
      }
    side_ = 0;
    for (std::size_t axis = 0; axis < D; ++axis) side_ = std::max(side_, high[axis] - low[axis]);
    parallel_for(count, 8192, [&](std::size_t from, std::size_t to) {
      for (std::size_t point = from; point < to; ++point)
        order_[point] = {morton(point, low), static_cast<std::uint32_t>(point)};
    });
    std::sort(order_.begin(), order_.end());
    build(0, count, 0);
  }

  double repel(float theta, float* out) const {
    std::vector<double> sums(leaves_.size());
    parallel_for(leaves_.size(), 64, [&](std::size_t from, std::size_t to) {
      Sources<D> sources;
      for (std::size_t leaf = from; leaf < to; ++leaf)
        sums[leaf] = repel_leaf(nodes_[leaves_[leaf]], theta * theta, out, sources);
    });
    double z = 0;
    for (const double sum : sums) z += sum;
    return z;
  }

 private:
  static constexpr int kBits = D == 2 ? 24 : 20;

  struct Node {
    std::uint32_t begin, end;
    std::uint32_t next;  // the node after all below this one
    float side;
    std::array<float, D> middle;
    bool is_leaf;
  };
  struct Place {
    std::uint64_t code;
    std::uint32_t point;
    bool operator<(const Place& other) const {
      return code < other.code || (code == other.code && point < other.point);
    }
  };

  std::uint64_t morton(std::size_t point, const std::array<float, D>& low) const {
    constexpr float cells = static_cast<float>(1 << kBits);
    std::uint64_t code = 0;
    std::uint32_t cell[D];
    for (std::size_t axis = 0; axis < D; ++axis) {
      const float share = side_ > 0 ? (y_[point * D + axis] - low[axis]) / side_ : 0;
      cell[axis] = static_cast<std::uint32_t>(std::clamp(share * cells, 0.0f, cells - 1));
    }
    for (int bit = kBits - 1; bit >= 0; --bit)
      for (std::size_t axis = 0; axis < D; ++axis) code = code << 1 | (cell[axis] >> bit & 1);
    return code;
  }

  void build(std::size_t begin, std::size_t end, int level) {
    const std::size_t index = nodes_.size();
    nodes_.emplace_back();
    std::array<double, D> sum{};
    for (std::size_t at = begin; at < end; ++at)
      for (std::size_t axis = 0; axis < D; ++axis) sum[axis] += y_[order_[at].point * D + axis];
    Node node{static_cast<std::uint32_t>(begin),
              static_cast<std::uint32_t>(end),
              0,
              std::ldexp(side_, -level),
              {},
              end - begin <= kLeaf || level == kBits};
    for (std::size_t axis = 0; axis < D; ++axis)
      node.middle[axis] = static_cast<float>(sum[axis] / static_cast<double>(end - begin));
    if (node.is_leaf) {
      leaves_.push_back(static_cast<std::uint32_t>(index));
    } else {
      const int shift = static_cast<int>(D) * (kBits - level - 1);
      for (std::size_t start = begin; start < end;) {
        const std::uint64_t cell = order_[start].code >> shift;
        const auto stop =
            std::partition_point(order_.begin() + std::ptrdiff_t(start), order_.begin() + std::ptrdiff_t(end),
                                 [&](const Place& place) { return place.code >> shift == cell; });
        const auto until = static_cast<std::size_t>(stop - order_.begin());
        build(start, until, level + 1);
        start = until;
      }
    }
    node.next = static_cast<std::uint32_t>(nodes_.size());
    nodes_[index] = node;
  }

  /// The forces on a leaf's points; returns their share of Z.
  double repel_leaf(const Node& leaf, float theta_squared, float* out, Sources<D>& sources) const {
    std::array<float, D> low, high;
    low.fill(std::numeric_limits<float>::max());
    high.fill(std::numeric_limits<float>::lowest());
    for (std::size_t at = leaf.begin; at < leaf.end; ++at)
      for (std::size_t axis = 0; axis < D; ++axis) {
        low[axis] = std::min(low[axis], y_[order_[at].point * D + axis]);
        high[axis] = std::max(high[axis], y_[order_[at].point * D + axis]);
      }
    sources.clear();
    for (std::size_t at = 0; at < nodes_.size();) {
      const Node& node = nodes_[at];
      float squared = 0;
      for (std::size_t axis = 0; axis < D; ++axis) {
        const float apart = std::max({low[axis] - node.middle[axis], 0.0f, node.middle[axis] - high[axis]});
        squared += apart * apart;
      }
      if (node.side * node.side < theta_squared * squared) {
        std::array<float, D + 1> source;
        std::copy(node.middle.begin(), node.middle.end(), source.begin());
        source[D] = static_cast<float>(node.end - node.begin);
        sources.push_back(source);
        at = node.next;
      } else if (node.is_leaf) {
        for (std::size_t member = node.begin; member < node.end; ++member) {
          std::array<float, D + 1> source;
          std::copy_n(y_ + order_[member].point * D, D, source.begin());
          source[D] = 1;
          sources.push_back(source);
        }
        at = node.next;
      } else {
        ++at;
      }
    }
    double z = 0;
    for (std::size_t start = leaf.begin; start < leaf.end; start += kLeaf) {
      Group<D> group{};
      const std::size_t count = std::min<std::size_t>(kLeaf, leaf.end - start);
      for (std::size_t lane = 0; lane < kLeaf; ++lane)
        for (std::size_t axis = 0; axis < D; ++axis)
          group.place[axis][lane] = y_[order_[start + std::min(lane, count - 1)].point * D + axis];
      act_on(group, sources);
      for (std::size_t lane = 0; lane < count; ++lane) {
        z += static_cast<double>(group.sum[lane]) - 1;  // less itself
        for (std::size_t axis = 0; axis < D; ++axis)
          out[order_[start + lane].point * D + axis] = group.force[axis][lane];
      }
    }
    return z;
  }

  const float* y_;
  float side_;
  std::vector<Place> order_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> leaves_;
};

}  // namespace

double repel(const float* y, std::size_t count, std::size_t dimensions, float theta, float* out) {
  if (count == 0) return 0;
  return dimensions == 2 ? Tree<2>(y, count).repel(theta, out) : Tree<3>(y, count).repel(theta, out);
}

}  // namespace cupola::layout
