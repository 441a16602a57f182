#include "layout/forces.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "layout/parallel.h"

namespace cupola::layout {
namespace {

template <std::size_t D>
float squared_between(const float* a, const float* b) {
  float squared = 0;
  for (std::size_t axis = 0; axis < D; ++axis) squared += (a[axis] - b[axis]) * (a[axis] - b[axis]);
  return squared;
}

template <std::size_t D>
double attract_in(const Attraction& edges, const float* y, bool with_loss, float* out) {
  constexpr std::size_t part = 1024;
  const std::size_t count = edges.starts.size() - 1;
  std::vector<double> losses(count / part + 1);  // added in one order on any number of threads
  parallel_for(losses.size(), 2, [&](std::size_t from, std::size_t to) {
    for (std::size_t point = from * part; point < std::min(count, to * part); ++point) {
      const float* own = y + point * D;
      float force[D] = {};
      double loss = 0;
      for (auto at = std::size_t(edges.starts[point]); at < std::size_t(edges.starts[point + 1]); ++at) {
        const float* other = y + std::size_t(edges.columns[at]) * D;
        const float weighted = 1 + squared_between<D>(own, other), pull = edges.values[at] / weighted;
        if (with_loss) loss += edges.values[at] * std::log(weighted);
        for (std::size_t axis = 0; axis < D; ++axis) force[axis] += pull * (own[axis] - other[axis]);
      }
      losses[point / part] += loss;
      std::copy_n(force, D, out + point * D);
    }
  });
  double loss = 0;
  for (const double share : losses) loss += share;
  return loss;
}

float clipped(float step) { return std::clamp(step, -4.0f, 4.0f); }

template <std::size_t D>
void epoch_in(const Attraction& edges, std::span<float> due, float epoch, const UmapRule& rule,
              Random& random, float* y, std::size_t count) {
  const float a = rule.a, b = rule.b;
  for (std::size_t point = 0; point < count; ++point)
    for (auto at = std::size_t(edges.starts[point]); at < std::size_t(edges.starts[point + 1]); ++at) {
      if (due[at] > epoch) continue;
      due[at] += edges.values[at];
      float* own = y + point * D;
      float* other = y + std::size_t(edges.columns[at]) * D;
      if (const float squared = squared_between<D>(own, other); squared > 0) {
        const float power = std::pow(squared, b);
        const float pull = -2 * a * b * power / squared / (a * power + 1);
        for (std::size_t axis = 0; axis < D; ++axis) {
          const float step = rule.rate * clipped(pull * (own[axis] - other[axis]));
          own[axis] += step;
          other[axis] -= step;
        }
      }
      for (int sample = 0; sample < rule.negatives; ++sample) {
        const std::size_t chosen = random.below(count);
        const float* far = y + chosen * D;
        const float squared = squared_between<D>(own, far);
        if (chosen == point || !(squared > 0)) continue;
        const float push = 2 * b / ((0.001f + squared) * (a * std::pow(squared, b) + 1));
        for (std::size_t axis = 0; axis < D; ++axis)
          own[axis] += rule.rate * clipped(push * (own[axis] - far[axis]));
      }
    }
}

}  // namespace

double attract(const Attraction& edges, const float* y, std::size_t dimensions, bool with_loss, float* out) {
  return dimensions == 2 ? attract_in<2>(edges, y, with_loss, out) : attract_in<3>(edges, y, with_loss, out);
}

void umap_epoch(const Attraction& edges, std::span<float> due, float epoch, const UmapRule& rule,
                Random& random, float* y, std::size_t count, std::size_t dimensions) {
  if (dimensions == 2) epoch_in<2>(edges, due, epoch, rule, random, y, count);
  else epoch_in<3>(edges, due, epoch, rule, random, y, count);
}

}  // namespace cupola::layout
