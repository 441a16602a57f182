#include "format/event.h"

#include <bit>
#include <utility>

namespace cupola {
namespace {

bool is_message(Bytes bytes) {
  Cursor cursor(bytes);
  std::uint32_t key;
  while (!cursor.at_end())
    if (!cursor.key(key) || !cursor.skip(key)) return false;
  return true;
}

/// The payload of a message's field of bytes; empty if it has none, or is no message.
Bytes field_of(Bytes message, std::uint32_t field) {
  Cursor cursor(message);
  std::uint32_t key;
  Bytes found;
  while (!cursor.at_end()) {
    if (!cursor.key(key) || !(key == field_key(field, kBytes) ? cursor.bytes(found) : cursor.skip(key)))
      return {};
  }
  return found;
}

}  // namespace

std::string event_kind(Bytes payload) {
  Event event;
  if (!parse_event(payload, event)) return "events";
  switch (event.kind) {
    case kSummary: break;
    case kGraphDef:
    case kMetaGraphDef: return "graphs";
    case kTaggedRunMetadata: return "run metadata";
    case kLogMessage: return "log messages";
    default: return "events";
  }
  Value value;
  bool is_first = true;
  for_each_value(event, [&](Bytes bytes) {
    if (std::exchange(is_first, false) && !parse_value(bytes, value)) value = {};
  });
  switch (value.form) {
    case kSimpleValue: return "scalars";
    case 4: return "images";
    case 5: return "histograms";
    case 6: return "audio";
    default: break;
  }
  std::string plugin(text_of(field_of(field_of(value.metadata, 1), 1)));
  return plugin.empty() ? "events" : plugin;
}

bool parse_event(Bytes payload, Event& event) {
  Cursor cursor(payload);
  std::uint32_t key;
  std::uint64_t number;
  const std::uint8_t* first_summary = nullptr;
  while (!cursor.at_end()) {
    const std::uint8_t* place = cursor.place();
    if (!cursor.key(key)) return false;
    switch (key) {
      case field_key(1, kFixed64):
        if (!cursor.fixed64(number)) return false;
        event.wall_time = std::bit_cast<double>(number);
        break;
      case field_key(2, kVarint):
        if (!cursor.varint(number)) return false;
        event.step = static_cast<std::int64_t>(number);
        break;
      case field_key(kSummary, kBytes):
        if (event.kind != kSummary) first_summary = place;
        event.earlier = {first_summary, place};
        if (!cursor.bytes(event.body) || !is_message(event.body)) return false;
        event.kind = kSummary;
        break;
      case field_key(kFileVersion, kBytes):
      case field_key(kGraphDef, kBytes):
      case field_key(kLogMessage, kBytes):
      case field_key(kSessionLog, kBytes):
      case field_key(kTaggedRunMetadata, kBytes):
      case field_key(kMetaGraphDef, kBytes):
        if (!cursor.bytes(event.body)) return false;
        event.kind = key >> 3;
        break;
      default:
        if (!cursor.skip(key)) return false;
    }
  }
  return true;
}

bool parse_warning(const Event& event, std::string_view& message) {
  constexpr std::uint64_t kWarn = 30;  // LogMessage.Level in event.proto
  if (event.kind != kLogMessage) return false;
  Cursor cursor(event.body);
  std::uint32_t key;
  std::uint64_t level = 0;
  Bytes text;
  while (!cursor.at_end()) {
    if (!cursor.key(key)) return false;
    const bool good = key == field_key(1, kVarint)  ? cursor.varint(level)
                      : key == field_key(2, kBytes) ? cursor.bytes(text)
                                                    : cursor.skip(key);
    if (!good) return false;
  }
  message = text_of(text);
  return level >= kWarn;
}

bool is_restart(const Event& event) {
  constexpr std::uint64_t kStart = 1;
  if (event.kind != kSessionLog) return false;
  Cursor cursor(event.body);
  std::uint32_t key;
  std::uint64_t status = 0;
  while (!cursor.at_end()) {
    if (!cursor.key(key)) return false;
    if (!(key == field_key(1, kVarint) ? cursor.varint(status) : cursor.skip(key))) return false;
  }
  return status == kStart;
}

bool parse_value(Bytes bytes, Value& value) {
  Cursor cursor(bytes);
  std::uint32_t key, bits;
  Bytes node_name;
  while (!cursor.at_end()) {
    if (!cursor.key(key)) return false;
    bool good;
    switch (key) {
      case field_key(1, kBytes): good = cursor.bytes(value.tag); break;
      case field_key(7, kBytes): good = cursor.bytes(node_name); break;
      case field_key(9, kBytes): good = cursor.bytes(value.metadata); break;
      case field_key(kSimpleValue, kFixed32):
        good = cursor.fixed32(bits);
        if (good) value.simple = std::bit_cast<float>(bits);
        value.form = kSimpleValue;
        break;
      case field_key(3, kBytes):
      case field_key(4, kBytes):
      case field_key(5, kBytes):
      case field_key(6, kBytes):
      case field_key(kTensor, kBytes):
        good = cursor.bytes(value.body);
        value.form = key >> 3;
        break;
      default: good = cursor.skip(key);
    }
    if (!good) return false;
  }
  if (value.tag.empty()) value.tag = node_name;
  return true;
}

bool parse_data_class(Bytes metadata, std::uint64_t& data_class) {
  Cursor cursor(metadata);
  std::uint32_t key;
  data_class = 0;
  while (!cursor.at_end()) {
    if (!cursor.key(key)) return false;
    if (!(key == field_key(4, kVarint) ? cursor.varint(data_class) : cursor.skip(key))) return false;
  }
  return true;
}

}  // namespace cupola
