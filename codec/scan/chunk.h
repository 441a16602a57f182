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
  Series(std::shared_ptr<const SeriesName> name, bool is_scalar, std::size_t expected);

  const SeriesName& name() const { return *name_; }
  bool is_scalar() const { return is_scalar_; }
  bool is_wide() const { return is_wide_; }  ///< `wide_value` holds the numbers: one of them is no float
  std::size_t size() const { return size_; }

  std::int64_t* step() { return column<std::int64_t>(0); }
  double* wall_time() { return column<double>(8); }
  float* value() { return column<float>(16); }
  double* wide_value() { return column<double>(16); }
  std::int64_t* offset() { return column<std::int64_t>(16); }
  std::int64_t* length() { return column<std::int64_t>(24); }
  /// CRC-32C of those bytes: tells a value from another one that was written over it.
  std::uint32_t* crc() { return column<std::uint32_t>(32); }

  void add(std::int64_t at_step, double at_wall_time, float number) {
    if (is_wide_) return add(at_step, at_wall_time, static_cast<double>(number));
    begin_point(at_step, at_wall_time);
    value()[size_++] = number;
  }
  void add(std::int64_t at_step, double at_wall_time, double number);
  void add(std::int64_t at_step, double at_wall_time, std::uint64_t at_offset,
           std::span<const std::uint8_t> bytes);

 private:
  /// The columns lie one behind the other in one piece of memory; `before` are the bytes a point has in those
  /// before.
  template <class Number>
  Number* column(std::size_t before) {
    return reinterpret_cast<Number*>(memory_.get() + capacity_ * before);
  }
  void begin_point(std::int64_t at_step, double at_wall_time) {
    if (size_ == capacity_) move_to(2 * capacity_, is_wide_);
    step()[size_] = at_step;
    wall_time()[size_] = at_wall_time;
  }
  void move_to(std::size_t capacity, bool is_wide);

  std::shared_ptr<const SeriesName> name_;
  std::unique_ptr<std::byte[]> memory_;
  std::size_t size_ = 0, capacity_ = 0;
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
