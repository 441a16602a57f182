#pragma once
#include <cstddef>
#include <cstdint>

#include "format/cursor.h"

namespace cupola {

/// Bytes that TFRecord puts around a payload: its length and that length's CRC before it, its own CRC behind
/// it. Source: tensorflow/core/lib/io/record_writer.h
inline constexpr std::size_t kHeaderBytes = 12, kFooterBytes = 4, kFrameBytes = kHeaderBytes + kFooterBytes;

/// The longest payload that a protobuf can be; a longer claim is no length.
inline constexpr std::uint64_t kMaxPayload = (std::uint64_t{1} << 31) - 1;

/// TFRecord's mask of a CRC, so that a CRC of data with CRCs in it stays strong.
/// Source: tensorflow/core/lib/hash/crc32c.h, `Mask`
constexpr std::uint32_t masked(std::uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8u; }

std::uint32_t masked_crc32c(const void* data, std::size_t size);

/// What stands at the beginning of some bytes.
enum class Frame {
  whole,        ///< a record whose CRCs fit
  truncated,    ///< too few bytes to say
  bad_length,   ///< no record begins here
  bad_payload,  ///< the length fits its CRC and all bytes are there, but the payload does not fit its own
};

/// The record at the beginning of `bytes`. `payload` is set if whole. A payload of more than `longest` bytes
/// is a bad one, unread.
Frame read_record(Bytes bytes, Bytes& payload, std::uint64_t longest);

/// Whether a frame's head (`kHeaderBytes` bytes) has a length that fits its CRC and that a payload can have.
bool read_header(const std::uint8_t* head, std::uint64_t& length);

/// Writes a payload as one record, `size + kFrameBytes` long.
void store_record(std::uint8_t* out, const void* payload, std::size_t size);

/// Bytes of the framed record at `record`, by the length that its header claims.
std::size_t record_size(const std::uint8_t* record);

/// Stores the two CRCs of each of the framed records that lie one behind the other, lengths and payloads in
/// place.
void seal_records(std::uint8_t* records, std::size_t size);

/// The first place in `bytes` where a whole head stands that `read_header` takes; the first place that has
/// too few bytes for a head else.
std::size_t find_header(Bytes bytes);

}  // namespace cupola
