#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "format/record.h"

namespace cupola {

/// An `Event` with one `simple_value`, measured first and then stored in place.
/// Source: tensorboard/compat/proto/{event,summary}.proto (tensorboard 2.21.0)
class ScalarEvent {
 public:
  ScalarEvent(std::string_view tag, float value, std::int64_t step, double wall_time);
  std::size_t size() const { return size_; }
  void store(std::uint8_t* out) const;

 private:
  std::string_view tag_;
  float value_;
  std::int64_t step_;
  double wall_time_;
  std::size_t size_;
};

/// What stands between wall time and step of a `ScalarEvent` and its number, which is the last four bytes.
std::string plain_scalar_prefix(std::string_view tag);

/// The event that begins every file: `brain.Event:2` and who wrote it.
std::string file_version_event(double wall_time);

/// An `Event` with a `LogMessage` of level WARN: says in the file itself what is missing from it.
std::string warning_event(double wall_time, std::string_view message);

}  // namespace cupola
