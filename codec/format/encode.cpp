#include "format/encode.h"

#include <algorithm>

#include "format/event.h"

namespace cupola {
namespace {

constexpr std::size_t kLongestHead = 11;  // a key of one byte and a varint

/// Sizes of the nested messages of a scalar's summary.
struct SummarySizes {
  std::size_t value, summary, field;

  explicit SummarySizes(std::string_view tag)
      : value(1 + varint_size(tag.size()) + tag.size() + 1 + sizeof(float)),
        summary(1 + varint_size(value) + value),
        field(1 + varint_size(summary) + summary) {}
};

std::uint8_t* store_head(std::uint8_t* out, std::uint32_t number, std::size_t size) {
  *out++ = short_key(number, kBytes);
  return store_varint(out, size);
}

/// `Event.summary` with one value, up to and with the key of its number.
std::uint8_t* store_scalar_prefix(std::uint8_t* out, std::string_view tag, const SummarySizes& sizes) {
  out = store_head(out, kSummary, sizes.summary);
  out = store_head(out, 1, sizes.value);         // Summary.value
  out = store_head(out, 1, tag.size());          // Summary.Value.tag
  out = std::copy(tag.begin(), tag.end(), out);  // memcpy may not be given the null of an empty view
  *out++ = short_key(kSimpleValue, kFixed32);
  return out;
}

std::uint8_t* bytes_of(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

void append_field(std::string& out, std::uint32_t number, std::string_view bytes) {
  std::uint8_t head[kLongestHead];
  out.append(reinterpret_cast<const char*>(head), store_head(head, number, bytes.size()) - head);
  out.append(bytes);
}

std::string event_at(double wall_time) {
  std::string event(1 + sizeof wall_time, static_cast<char>(short_key(1, kFixed64)));
  store_little(bytes_of(event) + 1, wall_time);
  return event;
}

}  // namespace

ScalarEvent::ScalarEvent(std::string_view tag, float value, std::int64_t step, double wall_time)
    : tag_(tag), value_(value), step_(step), wall_time_(wall_time) {
  const std::size_t step_size = step ? 1 + varint_size(static_cast<std::uint64_t>(step)) : 0;
  size_ = 1 + sizeof wall_time + step_size + SummarySizes(tag).field;
}

void ScalarEvent::store(std::uint8_t* out) const {
  *out++ = short_key(1, kFixed64);  // Event.wall_time
  out = store_little(out, wall_time_);
  if (step_) {
    *out++ = short_key(2, kVarint);  // Event.step
    out = store_varint(out, static_cast<std::uint64_t>(step_));
  }
  store_little(store_scalar_prefix(out, tag_, SummarySizes(tag_)), value_);
}

std::string plain_scalar_prefix(std::string_view tag) {
  const SummarySizes sizes(tag);
  std::string prefix(sizes.field - sizeof(float), '\0');
  store_scalar_prefix(bytes_of(prefix), tag, sizes);
  return prefix;
}

std::string file_version_event(double wall_time) {
  std::string writer, event = event_at(wall_time);
  append_field(event, kFileVersion, "brain.Event:2");
  append_field(writer, 1, "cupola");  // SourceMetadata.writer
  append_field(event, 10, writer);    // Event.source_metadata
  return event;
}

std::string warning_event(double wall_time, std::string_view message) {
  constexpr char kWarn = 30;  // LogMessage.Level
  std::string log{static_cast<char>(short_key(1, kVarint)), kWarn}, event = event_at(wall_time);
  append_field(log, 2, message);  // LogMessage.message
  append_field(event, kLogMessage, log);
  return event;
}

}  // namespace cupola
