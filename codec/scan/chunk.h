#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scan/steps.h"

namespace cupola {

/// What the points of a series have in common.
struct SeriesName {
  std::string tag;       ///< bytes as they stand in the file; empty for fields of `Event` itself
  int form;              ///< `Summary.Value`'s oneof field; minus the field's number for fields of `Event`
  std::string metadata;  ///< `SummaryMetadata` of the first value in this tag and form
};

/// Points of one series, as columns: step and wall time, and a number or a place in the file for each.
class Series {
 public:
  /// `expected` points have room at first.
  Series(std::shared_ptr<const SeriesName> name, bool is_scalar, std::size_t expected);

  const SeriesName& name() const { return *name_; }
  bool is_scalar() const { return is_scalar_; }
  bool is_wide() const { return is_wide_; }  ///< `wide_value` holds the numbers: one of them is no float
  std::size_t size() const { return steps_.size(); }

  const Steps& steps() const { return steps_; }
  double* wall_time() { return column<double>(0); }
  float* value() { return column<float>(8); }
  double* wide_value() { return column<double>(8); }
  std::int64_t* offset() { return column<std::int64_t>(8); }
  std::int64_t* length() { return column<std::int64_t>(16); }
  /// CRC-32C of those bytes: tells a value from another one that was written over it.
  std::uint32_t* crc() { return column<std::uint32_t>(24); }

  void add(std::int64_t at_step, double at_wall_time, float number) {
    if (is_wide_) return add(at_step, at_wall_time, static_cast<double>(number));
    const std::size_t place = begin_point(at_step, at_wall_time);  // which may move the columns
    value()[place] = number;
  }
  void add(std::int64_t at_step, double at_wall_time, double number);
  void add(std::int64_t at_step, double at_wall_time, std::uint64_t at_offset,
           std::span<const std::uint8_t> bytes);

  /// Gives back what memory is left over, if it is much: the points may be kept as they are.
  void trim();

 private:
  /// The columns lie one behind the other in one piece of memory; `before` are the bytes a point has in those
  /// before.
  template <class Number>
  Number* column(std::size_t before) {
    return reinterpret_cast<Number*>(memory_.get() + capacity_ * before);
  }
  /// The place of a new point, whose step and wall time are there.
  std::size_t begin_point(std::int64_t at_step, double at_wall_time) {
    const std::size_t place = size();
    if (place == capacity_) move_to(2 * capacity_, is_wide_);
    steps_.add(at_step);
    wall_time()[place] = at_wall_time;
    return place;
  }
  void move_to(std::size_t capacity, bool is_wide);

  std::shared_ptr<const SeriesName> name_;
  Steps steps_;
  std::unique_ptr<std::byte[]> memory_;
  std::size_t capacity_ = 0;
  bool is_scalar_, is_wide_ = false;
};

/// Bytes that could not be read, or something that the writer had to tell.
struct Damage {
  std::uint64_t offset, length;
  std::string reason;  ///< a word of `cupola.types.DAMAGE_REASONS`; a message may follow a colon
};

/// What one scan found; src/cupola/_codec.pyi says more.
struct Chunk {
  bool reset = false;
  bool at_end = true;
  std::optional<std::int64_t> restart_step;
  std::uint64_t records = 0, points = 0;
  double first_wall_time = std::numeric_limits<double>::quiet_NaN();
  std::vector<Series> series;
  std::vector<Damage> damage;

  void mark(std::uint64_t offset, std::uint64_t length, std::string_view reason);
};

}  // namespace cupola
