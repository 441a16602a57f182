#pragma once
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "format/cursor.h"

namespace cupola {

// Fields of `Event` and of `Summary.Value`, as far as a scan tells them apart.
// Source: tensorboard/compat/proto/{event,summary}.proto (tensorboard 2.21.0)
inline constexpr std::uint32_t kFileVersion = 3, kGraphDef = 4, kSummary = 5, kLogMessage = 6,
                               kSessionLog = 7, kTaggedRunMetadata = 8, kMetaGraphDef = 9;
inline constexpr std::uint32_t kSimpleValue = 2, kTensor = 8;

/// A record's payload, taken apart without a copy.
struct Event {
  double wall_time = 0;
  std::int64_t step = 0;
  std::uint32_t kind = 0;  ///< the field of the oneof that counts: the last
  Bytes body;              ///< that field's payload
  Bytes earlier;           ///< of several summaries, which protobuf joins, all that stands before `body`
};

/// False if the payload is not an `Event`: no message, or one whose summary is none.
bool parse_event(Bytes payload, Event& event);

/// What an event holds, for counts of events: the plugin of its first value (`scalars`, `images`, `text`...),
/// or `graphs`, `run metadata`, `log messages`; `events` if it is none of these.
std::string event_kind(Bytes payload);

/// Whether the event says that the run was started (anew) at its step.
bool is_restart(const Event& event);

/// What the writer itself had to tell: the message of a `LogMessage` of level WARN or above. False if the
/// event holds none.
bool parse_warning(const Event& event, std::string_view& message);

/// One `Summary.Value`.
struct Value {
  Bytes tag;               ///< or the node's name where the tag is empty
  std::uint32_t form = 0;  ///< the field of the oneof that counts: the last; 0 if there is none
  float simple = 0;        ///< for `kSimpleValue`
  Bytes body;              ///< for all others
  Bytes metadata;
};

/// False if the bytes are not a `Summary.Value`.
bool parse_value(Bytes bytes, Value& value);

/// Calls `take(bytes)` for each value of the event's summary in order. The event was parsed, so nothing can
/// fail.
template <class Take>
void for_each_value(const Event& event, Take&& take);

/// How nearly every event begins: its wall time, and its step if that is not 0.
struct EventHead {
  double wall_time;
  std::int64_t step;
  Bytes rest;
};

/// False if the event begins in another way, which `parse_event` is for.
inline bool parse_event_head(Bytes payload, EventHead& head);

/// `DataClass` of a `SummaryMetadata`. False if the bytes are none.
bool parse_data_class(Bytes metadata, std::uint64_t& data_class);

}  // namespace cupola

template <class Take>
void cupola::for_each_value(const Event& event, Take&& take) {
  const auto values_of = [&](Bytes summary) {
    Cursor cursor(summary);
    std::uint32_t key;
    Bytes value;
    while (!cursor.at_end() && cursor.key(key)) {
      if (key != field_key(1, kBytes)) {
        if (!cursor.skip(key)) return;
      } else if (cursor.bytes(value)) {
        take(value);
      } else {
        return;
      }
    }
  };
  Cursor earlier(event.earlier);
  std::uint32_t key;
  Bytes summary;
  while (!earlier.at_end() && earlier.key(key)) {
    if (key != field_key(kSummary, kBytes)) {
      if (!earlier.skip(key)) break;
    } else if (earlier.bytes(summary)) {
      values_of(summary);
    }
  }
  values_of(event.body);
}

inline bool cupola::parse_event_head(Bytes payload, EventHead& head) {
  Cursor cursor(payload);
  std::uint64_t wall_time, step = 0;
  if (!cursor.next_is(field_key(1, kFixed64)) || !cursor.fixed64(wall_time)) return false;
  if (cursor.next_is(field_key(2, kVarint)) && !cursor.varint(step)) return false;
  head = {std::bit_cast<double>(wall_time), static_cast<std::int64_t>(step), cursor.rest()};
  return true;
}
