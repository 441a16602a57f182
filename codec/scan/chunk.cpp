#include "scan/chunk.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "format/crc32c.h"

namespace cupola {

Series::Series(std::shared_ptr<const SeriesName> name, bool is_scalar, std::size_t expected)
    : name_(std::move(name)), is_scalar_(is_scalar) {
  move_to(std::max<std::size_t>(expected, 4), false);
}

void Series::add(std::int64_t at_step, double at_wall_time, double number) {
  const auto narrow = static_cast<float>(number);
  if (!is_wide_ && static_cast<double>(narrow) != number && !std::isnan(number)) move_to(capacity_, true);
  const std::size_t place = begin_point(at_step, at_wall_time);
  if (is_wide_) wide_value()[place] = number;
  else value()[place] = narrow;
}

void Series::add(std::int64_t at_step, double at_wall_time, std::uint64_t at_offset,
                 std::span<const std::uint8_t> bytes) {
  const std::size_t place = begin_point(at_step, at_wall_time);
  offset()[place] = static_cast<std::int64_t>(at_offset);
  length()[place] = static_cast<std::int64_t>(bytes.size());
  crc()[place] = crc32c(bytes.data(), bytes.size());
}

void Series::trim() {
  if (capacity_ - size() > size() / 16) move_to(size(), is_wide_);
}

void Series::move_to(std::size_t capacity, bool is_wide) {
  const std::size_t point_size = !is_scalar_ ? 28 : is_wide ? 16 : 12;
  std::unique_ptr<std::byte[]> other(new std::byte[capacity * point_size]);
  const auto move = [&](std::size_t before, std::size_t item) {
    if (size())
      std::memcpy(other.get() + capacity * before, memory_.get() + capacity_ * before, size() * item);
  };
  move(0, 8);
  if (!is_scalar_) {
    move(8, 8);
    move(16, 8);
    move(24, 4);
  } else if (is_wide == is_wide_) {
    move(8, is_wide ? 8 : 4);
  } else {
    std::copy(value(), value() + size(), reinterpret_cast<double*>(other.get() + capacity * 8));
  }
  memory_ = std::move(other);
  capacity_ = capacity;
  is_wide_ = is_wide;
}

void Chunk::mark(std::uint64_t offset, std::uint64_t size, std::string_view reason) {
  // A file may be made of damage: neighbours of one kind are told apart only as long as a person might read
  // them.
  constexpr std::size_t kTellApart = 1000;
  if (damage.size() >= kTellApart) {
    Damage& last = damage.back();
    if (last.reason == reason && last.offset + last.length == offset) {
      last.length += size;
      return;
    }
  }
  damage.push_back({offset, size, std::string(reason)});
}

}  // namespace cupola
