#include "kernels/bucket.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cupola {
namespace {

constexpr std::size_t kMaxSegments = 16;

enum Kind { kFinite = 0, kNan = 1, kPlus = 2, kMinus = 3 };

template <class Number>
Kind kind_of(Number number) {
  if (std::isfinite(number)) return kFinite;
  return std::isnan(number) ? kNan : number > 0 ? kPlus : kMinus;
}

template <class Number>
struct View {
  std::span<const double> x;
  std::span<const Number> value;
  double low, high;
  std::size_t width;
};

/// Adds what shows the points [begin, end), all of one pixel, of a segment that is [first, last).
template <class Number>
void add_pixel(const View<Number>& view, std::size_t begin, std::size_t end, std::size_t first,
               std::size_t last, std::vector<std::int64_t>& out) {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::size_t smallest = kNone, largest = kNone;
  Number low = std::numeric_limits<Number>::infinity(), high = -low;
  bool is_finite = true;
  for (std::size_t i = begin; i < end; ++i) {
    const Number number = view.value[i];
    if (!std::isfinite(number)) {
      is_finite = false;
      continue;
    }
    if (number < low) low = number, smallest = i;
    if (number > high) high = number, largest = i;
  }
  const auto start = static_cast<std::ptrdiff_t>(out.size());
  const auto add = [&](std::size_t i) {
    if (i != kNone) out.push_back(static_cast<std::int64_t>(i));
  };
  add(smallest);
  add(largest);
  if (!is_finite) {
    // Of each kind that is not finite, the first and the last place where a run of it begins or ends.
    std::size_t first_edge[4] = {kNone, kNone, kNone, kNone}, last_edge[4] = {kNone, kNone, kNone, kNone};
    for (std::size_t i = begin; i < end; ++i) {
      const Kind kind = kind_of(view.value[i]);
      if (kind == kFinite) continue;
      const bool is_inside = i > first && i + 1 < last && kind_of(view.value[i - 1]) == kind &&
                             kind_of(view.value[i + 1]) == kind;
      if (is_inside) continue;
      if (first_edge[kind] == kNone) first_edge[kind] = i;
      last_edge[kind] = i;
    }
    for (const Kind kind : {kNan, kPlus, kMinus}) add(first_edge[kind]), add(last_edge[kind]);
  }
  std::sort(out.begin() + start, out.end());
  out.erase(std::unique(out.begin() + start, out.end()), out.end());
}

/// Adds what shows a segment, [first, last), in which x never falls.
template <class Number>
void add_segment(const View<Number>& view, std::size_t first, std::size_t last,
                 std::vector<std::int64_t>& out) {
  const auto x = view.x.begin();
  const auto at = [&](std::size_t i) { return x + static_cast<std::ptrdiff_t>(i); };
  const auto begin = static_cast<std::size_t>(std::lower_bound(at(first), at(last), view.low) - x);
  const auto end = static_cast<std::size_t>(std::upper_bound(at(begin), at(last), view.high) - x);
  // The line goes on to the neighbours outside, or else ends at the segment's own ends, which must be where
  // they are.
  const auto from = begin > first ? begin - 1 : begin, to = end < last ? end + 1 : end;
  if (to - from <= 2 * view.width + 2) {
    for (std::size_t i = from; i < to; ++i) out.push_back(static_cast<std::int64_t>(i));
    return;
  }
  const auto add_once = [&](std::size_t i) {
    if (out.empty() || out.back() != static_cast<std::int64_t>(i))
      out.push_back(static_cast<std::int64_t>(i));
  };
  const double span = view.high - view.low, pixels = static_cast<double>(view.width);
  const auto pixel_of = [&](double place) {
    const double pixel = span > 0 ? (place - view.low) / span * pixels : 0;
    return std::min(static_cast<std::size_t>(pixel), view.width - 1);
  };
  out.push_back(static_cast<std::int64_t>(from));
  for (std::size_t i = begin; i < end;) {
    const std::size_t pixel = pixel_of(view.x[i]);
    // Pixels are mostly filled evenly, so the end of one is looked for in strides of growing length.
    std::size_t stride = 1, inside = i;
    while (inside + stride < end && pixel_of(view.x[inside + stride]) == pixel) inside += stride, stride *= 2;
    const std::size_t behind = std::min(inside + stride, end);
    const auto edge =
        std::partition_point(at(inside), at(behind), [&](double place) { return pixel_of(place) == pixel; });
    const auto next = static_cast<std::size_t>(edge - x);
    const std::size_t size = out.size();
    add_pixel(view, i, next, first, last, out);
    if (size && out.size() > size && out[size] == out[size - 1])
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(size));
    i = next;
  }
  add_once(to - 1);
}

/// Where x falls, a segment begins. Returns the first indices of all but the first, at most `kMaxSegments` of
/// them.
std::vector<std::size_t> falls(std::span<const double> x) {
  std::vector<std::size_t> found;
  for (std::size_t i = 1; i < x.size() && found.size() < kMaxSegments; ++i)
    if (x[i] < x[i - 1]) found.push_back(i);
  return found;
}

template <class Number>
std::vector<std::int64_t> bucket_ordered(const View<Number>& view, const std::vector<std::size_t>& starts) {
  std::vector<std::int64_t> out;
  std::size_t first = 0;
  for (const std::size_t start : starts) {
    add_segment(view, first, start, out);
    first = start;
  }
  add_segment(view, first, view.x.size(), out);
  return out;
}

}  // namespace

template <class Number>
std::vector<std::int64_t> bucket(std::span<const double> x, std::span<const Number> value, double low,
                                 double high, std::size_t width) {
  const bool has_nan = std::any_of(x.begin(), x.end(), [](double place) { return std::isnan(place); });
  auto starts = falls(x);
  if (!has_nan && starts.size() < kMaxSegments)
    return bucket_ordered(View<Number>{x, value, low, high, width}, starts);

  // Points without a place cannot be drawn; and a line that goes back again and again is drawn by place.
  std::vector<std::int64_t> order(x.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::erase_if(order, [&](std::int64_t i) { return std::isnan(x[static_cast<std::size_t>(i)]); });
  std::vector<double> placed_x(order.size());
  std::vector<Number> placed_value(order.size());
  const auto place = [&] {
    for (std::size_t i = 0; i < order.size(); ++i) {
      placed_x[i] = x[static_cast<std::size_t>(order[i])];
      placed_value[i] = value[static_cast<std::size_t>(order[i])];
    }
  };
  place();
  starts = falls(placed_x);
  if (starts.size() >= kMaxSegments) {
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
      return x[static_cast<std::size_t>(a)] < x[static_cast<std::size_t>(b)];
    });
    place();
    starts.clear();
  }
  auto out = bucket_ordered(View<Number>{placed_x, placed_value, low, high, width}, starts);
  for (auto& i : out) i = order[static_cast<std::size_t>(i)];
  return out;
}

template std::vector<std::int64_t> bucket(std::span<const double>, std::span<const float>, double, double,
                                          std::size_t);
template std::vector<std::int64_t> bucket(std::span<const double>, std::span<const double>, double, double,
                                          std::size_t);

}  // namespace cupola
