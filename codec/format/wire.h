#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

/// Little-endian numbers and varints, for reading and for writing.
/// Source: https://protobuf.dev/programming-guides/encoding/
namespace cupola {

/// Borrowed bytes: read, never kept.
using Bytes = std::span<const std::uint8_t>;

inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class Number>
Number load_little(const std::uint8_t* bytes) {
  std::uint8_t ordered[sizeof(Number)];
  std::memcpy(ordered, bytes, sizeof ordered);
  if constexpr (std::endian::native == std::endian::big) std::reverse(ordered, ordered + sizeof ordered);
  return std::bit_cast<Number>(ordered);
}

/// Returns the place behind the number.
template <class Number>
std::uint8_t* store_little(std::uint8_t* out, Number number) {
  std::memcpy(out, &number, sizeof number);
  if constexpr (std::endian::native == std::endian::big) std::reverse(out, out + sizeof number);
  return out + sizeof number;
}

/// Bytes that a varint of this value takes: 1 to 10.
constexpr std::size_t varint_size(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

/// Returns the place behind the varint.
inline std::uint8_t* store_varint(std::uint8_t* out, std::uint64_t value) {
  for (; value > 0x7f; value >>= 7) *out++ = static_cast<std::uint8_t>(value | 0x80);
  *out++ = static_cast<std::uint8_t>(value);
  return out;
}

/// How a field of a message is stored.
enum Wire : std::uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// Field number and wire type as they stand in a message. A field of another wire type than it should have is
/// an unknown one, as for protobuf's own parsers.
constexpr std::uint32_t field_key(std::uint32_t number, Wire wire) { return number << 3 | wire; }

/// The same for the field numbers up to 15, whose keys are one byte.
constexpr std::uint8_t short_key(std::uint32_t number, Wire wire) {
  return static_cast<std::uint8_t>(field_key(number, wire));
}

}  // namespace cupola
