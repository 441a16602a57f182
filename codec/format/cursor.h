#pragma once
#include <cstddef>
#include <cstdint>

#include "format/wire.h"

namespace cupola {

/// A place in a message. Every step checks that the bytes are there; a step that returns false leaves the
/// cursor of no use.
class Cursor {
 public:
  explicit Cursor(Bytes bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool at_end() const { return at_ == end_; }
  const std::uint8_t* place() const { return at_; }
  Bytes rest() const { return {at_, end_}; }

  bool varint(std::uint64_t& value) {
    if (at_ != end_ && *at_ < 0x80) {
      value = *at_++;
      return true;
    }
    return long_varint(value);
  }

  bool fixed64(std::uint64_t& value) { return fixed(value); }
  bool fixed32(std::uint32_t& value) { return fixed(value); }

  bool bytes(Bytes& value) {
    std::uint64_t size;
    if (!varint(size) || size > static_cast<std::uint64_t>(end_ - at_)) return false;
    value = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
  }

  /// The next field's key. False where none can stand: field number 0, or above 2^29 - 1.
  bool key(std::uint32_t& key) {
    std::uint64_t value;
    if (!varint(value) || value < 8 || value >> 32) return false;
    key = static_cast<std::uint32_t>(value);
    return true;
  }

  /// Steps over this key, of a field number up to 15, if it is the next one.
  bool next_is(std::uint32_t key) {
    if (at_ == end_ || *at_ != key) return false;
    ++at_;
    return true;
  }

  /// Steps over the value of a field. Groups are refused: nobody who writes event files has them.
  bool skip(std::uint32_t key) {
    std::uint64_t wide;
    std::uint32_t narrow;
    Bytes value;
    switch (key & 7) {
      case kVarint: return varint(wide);
      case kFixed64: return fixed64(wide);
      case kBytes: return bytes(value);
      case kFixed32: return fixed32(narrow);
      default: return false;
    }
  }

 private:
  template <class Number>
  bool fixed(Number& value) {
    if (static_cast<std::size_t>(end_ - at_) < sizeof value) return false;
    value = load_little<Number>(at_);
    at_ += sizeof value;
    return true;
  }

  bool long_varint(std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 70 && at_ != end_; shift += 7) {
      const std::uint8_t byte = *at_++;
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace cupola
