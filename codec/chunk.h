#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cupola {

/// What the points of a series have in common.
struct SeriesName {
  std::string tag;       ///< bytes as they stand in the file; empty for fields of `Event` itself
  int form;              ///< `Summary.Value`'s oneof field; minus the field's number for fields of `Event`
  std::string metadata;  ///< `SummaryMetadata` of the first value in this tag and form
};

/// Points of one series, as columns.
struct Series {
  std::shared_ptr<const SeriesName> name;
  bool is_scalar = false;
  bool is_wide = false;  ///< `wide_value` holds the values: one of them is no float
  std::vector<std::int64_t> step;
  std::vector<double> wall_time;
  std::vector<float> value;
  std::vector<double> wide_value;
  std::vector<std::int64_t> offset, length;

  void add(std::int64_t at_step, double at_wall_time, double number);
  void add(std::int64_t at_step, double at_wall_time, std::uint64_t at_offset, std::uint64_t size);
};

/// Bytes that could not be read.
struct Damage {
  std::uint64_t offset, length;
  const char* reason;  ///< a word of `cupola.types.DAMAGE_REASONS`
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

  void mark(std::uint64_t offset, std::uint64_t length, const char* reason);
};

inline void Series::add(std::int64_t at_step, double at_wall_time, double number) {
  step.push_back(at_step);
  wall_time.push_back(at_wall_time);
  const auto narrow = static_cast<float>(number);
  if (!is_wide && static_cast<double>(narrow) != number && !std::isnan(number)) {
    is_wide = true;
    wide_value.assign(value.begin(), value.end());
    value = {};
  }
  if (is_wide) wide_value.push_back(number);
  else value.push_back(narrow);
}

inline void Series::add(std::int64_t at_step, double at_wall_time, std::uint64_t at_offset, std::uint64_t size) {
  step.push_back(at_step);
  wall_time.push_back(at_wall_time);
  offset.push_back(static_cast<std::int64_t>(at_offset));
  length.push_back(static_cast<std::int64_t>(size));
}

inline void Chunk::mark(std::uint64_t offset, std::uint64_t size, const char* reason) {
  // A file may be made of damage: neighbours of one kind are told apart only as long as a person might read them.
  constexpr std::size_t kTellApart = 1000;
  if (damage.size() >= kTellApart) {
    Damage& last = damage.back();
    if (last.reason == reason && last.offset + last.length == offset) {
      last.length += size;
      return;
    }
  }
  damage.push_back({offset, size, reason});
}

}  // namespace cupola
