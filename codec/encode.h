#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "record.h"

namespace cupola {

/// Puts the two CRCs into framed records that lie one behind the other, each with its length already in place.
void seal_records(char* records, std::size_t size);

/// Bytes of the first record at `record` (framed), by its length.
std::size_t record_size(const char* record);

/// Writes the frame's length field.
void put_length(char* record, std::uint64_t payload_size);

/// An `Event` with one `simple_value`, measured first and then put in place.
/// Source: tensorboard/compat/proto/{event,summary}.proto (tensorboard 2.21.0)
class ScalarEvent {
 public:
  ScalarEvent(std::string_view tag, float value, std::int64_t step, double wall_time);
  std::size_t size() const { return size_; }
  void put(char* out) const;

 private:
  std::string_view tag_;
  float value_;
  std::int64_t step_;
  double wall_time_;
  std::size_t value_size_, summary_size_, size_;
};

/// The event that begins every file: `brain.Event:2` and who wrote it.
std::string file_version_event(double wall_time);

/// An `Event` with a `LogMessage` of level WARN: says in the file itself what is missing from it.
std::string warning_event(double wall_time, std::string_view message);

}  // namespace cupola
