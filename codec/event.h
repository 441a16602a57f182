#pragma once
#include <bit>
#include <cstdint>

#include "cursor.h"

namespace cupola {

// Fields of `Event` and of `Summary.Value`, as far as a scan tells them apart.
// Source: tensorboard/compat/proto/{event,summary}.proto (tensorboard 2.21.0)
inline constexpr std::uint32_t kFileVersion = 3, kGraphDef = 4, kSummary = 5, kLogMessage = 6, kSessionLog = 7, kTaggedRunMetadata = 8,
                               kMetaGraphDef = 9;
inline constexpr std::uint32_t kSimpleValue = 2, kTensor = 8;

/// A record's payload, taken apart without a copy.
struct Event {
  double wall_time = 0;
  std::int64_t step = 0;
  std::uint32_t what = 0;  ///< the field of the oneof that counts: the last
  Bytes body;              ///< that field's payload
  Bytes earlier;           ///< of several summaries, which protobuf joins, all that stands before `body`
};

/// False if the payload is not an `Event`: no message, or one whose summary is none.
bool parse_event(Bytes payload, Event& event);

/// Whether the event says that the run was started (anew) at its step.
bool is_restart(const Event& event);

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

/// Calls `take(bytes)` for each value of the event's summary in order. The event was parsed, so nothing can fail.
template <class Take>
void for_each_value(const Event& event, Take&& take);

/// The commonest event of all: wall time, step, and one tag with a simple_value, in the order in which protobuf writes them.
struct PlainScalar {
  double wall_time;
  std::int64_t step;
  Bytes tag;
  float value;
};

/// False if the payload is anything else, which `parse_event` is for.
inline bool parse_plain_scalar(Bytes payload, PlainScalar& scalar);

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

inline bool cupola::parse_plain_scalar(Bytes payload, PlainScalar& scalar) {
  Cursor event(payload);
  std::uint32_t bits;
  std::uint64_t wide, step = 0;
  Bytes summary, value;
  if (!event.next_is(field_key(1, kFixed64)) || !event.fixed64(wide)) return false;
  if (event.next_is(field_key(2, kVarint)) && !event.varint(step)) return false;
  if (!event.next_is(field_key(kSummary, kBytes)) || !event.bytes(summary) || !event.at_end()) return false;
  Cursor values(summary);
  if (!values.next_is(field_key(1, kBytes)) || !values.bytes(value) || !values.at_end()) return false;
  Cursor fields(value);
  if (!fields.next_is(field_key(1, kBytes)) || !fields.bytes(scalar.tag) || scalar.tag.empty()) return false;
  if (!fields.next_is(field_key(kSimpleValue, kFixed32)) || !fields.fixed32(bits) || !fields.at_end()) return false;
  scalar.wall_time = std::bit_cast<double>(wide);
  scalar.step = static_cast<std::int64_t>(step);
  scalar.value = std::bit_cast<float>(bits);
  return true;
}
