#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "layout/distances.h"
#include "layout/random.h"

namespace cupola::layout {

/// The `k` nearest neighbours of each point by Euclidean distance, the point itself left out.
///
/// Of few points exact. Of many approximate, by NN-descent on neighbours found in random projection trees:
/// neighbours of neighbours are likely neighbours. The same seed gives the same graph on any number of
/// threads.
///
/// Source: Dong, Moses, Li, "Efficient k-nearest neighbor graph construction for generic similarity measures"
/// (WWW 2011); the trees as in McInnes, pynndescent.
class KnnGraph {
 public:
  /// @param k at most `points.count` - 1. The points must outlive the graph.
  KnnGraph(Points points, std::size_t k, std::uint64_t seed);

  /// Compares all points with those in [begin, end), of which there is then nothing left to find.
  void compare_all(std::size_t begin, std::size_t end);
  /// Compares the points that fall into one leaf of a random tree.
  void plant_tree();
  /// One round of NN-descent. Returns how many neighbours were replaced by nearer ones.
  std::size_t refine();

  /// Rows of `wanted` neighbours by rising distance; where some were not found, the point itself at infinity.
  /// More than `k` are sought among neighbours of neighbours, which costs far less than a graph of as many.
  void sorted(std::size_t wanted, std::int32_t* indices, float* squared) const;

  std::size_t count() const { return points_.count; }
  std::size_t k() const { return k_; }

 private:
  struct Neighbour {
    float squared;
    std::int32_t index;
    bool is_new;
  };
  struct Update {
    std::int32_t a, b;
    float squared;
  };
  using Updates = std::vector<Update>;
  using Candidates = std::vector<std::vector<std::int32_t>>;

  Neighbour* row(std::size_t point) { return neighbours_.data() + point * k_; }
  const Neighbour* row(std::size_t point) const { return neighbours_.data() + point * k_; }
  bool insert(std::int32_t point, std::int32_t other, float squared);
  std::size_t apply(const std::vector<Updates>& found);
  void split(std::vector<std::int32_t>& order, std::vector<std::pair<std::size_t, std::size_t>>& leaves);
  std::size_t join(std::size_t groups, const auto& members_of);
  void sample(Candidates& fresh, Candidates& old);
  void around(std::size_t point, std::vector<std::int32_t>& stamps, std::vector<std::int32_t>& found) const;

  const Points points_;
  const std::size_t k_;
  Random random_;
  std::vector<Neighbour> neighbours_;  // a max-heap by distance for each point
};

}  // namespace cupola::layout
