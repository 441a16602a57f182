#include "encode.h"

#include <bit>
#include <cstring>

namespace cupola {
namespace {

std::size_t varint_size(std::uint64_t value) { return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7; }

char* put_varint(char* out, std::uint64_t value) {
  while (value > 0x7f) {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}

template <typename Number>
char* put_little(char* out, Number value) {
  if constexpr (std::endian::native == std::endian::big) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    for (std::size_t i = 0; i < sizeof value; ++i) out[i] = bytes[sizeof value - 1 - i];
  } else {
    std::memcpy(out, &value, sizeof value);
  }
  return out + sizeof value;
}

std::uint64_t little_u64(const char* bytes) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

constexpr char key(int number, Wire wire) { return static_cast<char>(field_key(static_cast<std::uint32_t>(number), wire)); }

void append_bytes(std::string& out, int number, std::string_view bytes) {
  char head[16];
  head[0] = key(number, kBytes);
  out.append(head, put_varint(head + 1, bytes.size()));
  out.append(bytes);
}

std::string event_head(double wall_time) {
  char head[16];
  head[0] = key(1, kFixed64);
  return std::string(head, put_little(head + 1, wall_time));
}

}  // namespace

std::size_t record_size(const char* record) { return static_cast<std::size_t>(little_u64(record)) + kFrameBytes; }

void put_length(char* record, std::uint64_t payload_size) { put_little(record, payload_size); }

void seal_records(char* records, std::size_t size) {
  for (std::size_t at = 0; at < size;) {
    char* record = records + at;
    std::size_t whole = record_size(record);
    put_little(record + 8, masked_crc32c(record, 8));
    put_little(record + whole - kFrameTail, masked_crc32c(record + kFrameHead, whole - kFrameBytes));
    at += whole;
  }
}

ScalarEvent::ScalarEvent(std::string_view tag, float value, std::int64_t step, double wall_time)
    : tag_(tag), value_(value), step_(step), wall_time_(wall_time) {
  value_size_ = 1 + varint_size(tag.size()) + tag.size() + 5;
  summary_size_ = 1 + varint_size(value_size_) + value_size_;
  size_ = 9 + (step ? 1 + varint_size(static_cast<std::uint64_t>(step)) : 0) + 1 + varint_size(summary_size_) + summary_size_;
}

void ScalarEvent::put(char* out) const {
  *out++ = key(1, kFixed64);  // Event.wall_time
  out = put_little(out, wall_time_);
  if (step_) {
    *out++ = key(2, kVarint);  // Event.step
    out = put_varint(out, static_cast<std::uint64_t>(step_));
  }
  *out++ = key(5, kBytes);  // Event.summary
  out = put_varint(out, summary_size_);
  *out++ = key(1, kBytes);  // Summary.value
  out = put_varint(out, value_size_);
  *out++ = key(1, kBytes);  // Summary.Value.tag
  out = put_varint(out, tag_.size());
  std::memcpy(out, tag_.data(), tag_.size());
  out += tag_.size();
  *out++ = key(2, kFixed32);  // Summary.Value.simple_value
  put_little(out, value_);
}

std::string file_version_event(double wall_time) {
  std::string writer, out = event_head(wall_time);
  append_bytes(out, 3, "brain.Event:2");  // Event.file_version
  append_bytes(writer, 1, "cupola");      // SourceMetadata.writer
  append_bytes(out, 10, writer);          // Event.source_metadata
  return out;
}

std::string warning_event(double wall_time, std::string_view message) {
  constexpr char kWarn = 30;
  std::string log{key(1, kVarint), kWarn}, out = event_head(wall_time);
  append_bytes(log, 2, message);  // LogMessage.message
  append_bytes(out, 6, log);      // Event.log_message
  return out;
}

}  // namespace cupola
