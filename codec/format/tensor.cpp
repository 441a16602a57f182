#include "format/tensor.h"

#include <bit>

namespace cupola {
namespace {

// DataType numbers (types.proto).
enum Type : std::uint64_t {
  kFloat = 1,
  kDouble = 2,
  kInt32 = 3,
  kUint8 = 4,
  kInt16 = 5,
  kInt8 = 6,
  kInt64 = 9,
  kBool = 10,
  kBfloat16 = 14,
  kUint16 = 17,
  kHalf = 19,
  kUint32 = 22,
  kUint64 = 23,
};

float from_half(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16, exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ffu;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
  if (exponent == 0) {
    const float small = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -small : small;
  }
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
}

float from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

std::size_t element_size(std::uint64_t type) {
  switch (type) {
    case kUint8:
    case kInt8:
    case kBool: return 1;
    case kInt16:
    case kUint16:
    case kHalf:
    case kBfloat16: return 2;
    case kFloat:
    case kInt32:
    case kUint32: return 4;
    case kDouble:
    case kInt64:
    case kUint64: return 8;
    default: return 0;
  }
}

/// The field of TensorProto in which a type's elements are listed.
std::uint32_t list_field(std::uint64_t type) {
  switch (type) {
    case kFloat: return 5;
    case kDouble: return 6;
    case kInt64: return 10;
    case kBool: return 11;
    case kHalf:
    case kBfloat16: return 13;
    case kUint32: return 16;
    case kUint64: return 17;
    default: return 7;
  }
}

/// The number whose element's bits are `bits`, little-endian in the lowest bytes.
double number_of(std::uint64_t type, std::uint64_t bits) {
  switch (type) {
    case kFloat: return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case kDouble: return std::bit_cast<double>(bits);
    case kInt32: return static_cast<std::int32_t>(bits);
    case kUint8: return static_cast<std::uint8_t>(bits);
    case kInt16: return static_cast<std::int16_t>(bits);
    case kInt8: return static_cast<std::int8_t>(bits);
    case kInt64: return static_cast<double>(static_cast<std::int64_t>(bits));
    case kBool: return bits != 0;
    case kBfloat16: return from_bfloat16(static_cast<std::uint16_t>(bits));
    case kUint16: return static_cast<std::uint16_t>(bits);
    case kHalf: return from_half(static_cast<std::uint16_t>(bits));
    case kUint32: return static_cast<std::uint32_t>(bits);
    default: return static_cast<double>(bits);
  }
}

/// Rank and whether all sizes are 1; false if the bytes are not a `TensorShapeProto`.
bool parse_shape(Bytes shape, int& rank, bool& one_element) {
  Cursor cursor(shape);
  std::uint32_t key;
  std::uint64_t unknown = 0;
  while (!cursor.at_end()) {
    if (!cursor.key(key)) return false;
    if (key == field_key(2, kBytes)) {
      Bytes dimension;
      if (!cursor.bytes(dimension)) return false;
      Cursor inner(dimension);
      std::uint64_t size = 0;
      while (!inner.at_end()) {
        if (!inner.key(key)) return false;
        if (!(key == field_key(1, kVarint) ? inner.varint(size) : inner.skip(key))) return false;
      }
      rank += rank < 2;
      one_element &= size == 1;
    } else if (key == field_key(3, kVarint)) {
      if (!cursor.varint(unknown)) return false;
    } else if (!cursor.skip(key)) {
      return false;
    }
  }
  one_element &= unknown == 0;
  return true;
}

/// The only element of the list in `field`; `count` is 2 for any larger number. False if the bytes are no
/// message.
bool parse_list(Bytes tensor, std::uint32_t field, std::uint64_t& bits, int& count) {
  const Wire wire = field == 5 ? kFixed32 : field == 6 ? kFixed64 : kVarint;
  const auto element = [&](Cursor& cursor) {
    std::uint32_t narrow = 0;
    count += count < 2;
    if (wire == kVarint) return cursor.varint(bits);
    if (wire == kFixed64) return cursor.fixed64(bits);
    const bool good = cursor.fixed32(narrow);
    bits = narrow;
    return good;
  };
  Cursor cursor(tensor);
  std::uint32_t key;
  while (!cursor.at_end()) {
    if (!cursor.key(key)) return false;
    if (key == field_key(field, wire)) {
      if (!element(cursor)) return false;
    } else if (key == field_key(field, kBytes)) {
      Bytes packed;
      if (!cursor.bytes(packed)) return false;
      Cursor inner(packed);
      while (!inner.at_end() && count < 2)
        if (!element(inner)) return false;
    } else if (!cursor.skip(key)) {
      return false;
    }
  }
  return true;
}

}  // namespace

TensorKind parse_scalar_tensor(Bytes tensor, bool rank_0_only, double& number) {
  Cursor cursor(tensor);
  std::uint32_t key;
  std::uint64_t type = 0, bits = 0;
  Bytes content;
  int rank = 0, count = 0;
  bool one_element = true;
  while (!cursor.at_end()) {
    bool good = cursor.key(key);
    Bytes shape;
    if (good) switch (key) {
        case field_key(1, kVarint): good = cursor.varint(type); break;
        case field_key(2, kBytes): good = cursor.bytes(shape) && parse_shape(shape, rank, one_element); break;
        case field_key(4, kBytes): good = cursor.bytes(content); break;
        default: good = cursor.skip(key);
      }
    if (!good) return TensorKind::malformed;
  }
  const std::size_t size = element_size(type);
  if (!size || !one_element || (rank_0_only && rank)) return TensorKind::other;
  if (!content.empty()) {
    if (content.size() != size) return TensorKind::other;
    for (std::size_t byte = 0; byte < size; ++byte)
      bits |= static_cast<std::uint64_t>(content[byte]) << 8 * byte;
  } else {
    if (!parse_list(tensor, list_field(type), bits, count)) return TensorKind::malformed;
    if (count != 1) return TensorKind::other;
  }
  number = number_of(type, bits);
  return TensorKind::scalar;
}

}  // namespace cupola
