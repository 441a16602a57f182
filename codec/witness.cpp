#include "witness.h"

#include <algorithm>
#include <memory>

#include "crc32c.h"

namespace cupola {
namespace {

constexpr std::uint64_t kEdge = 256;       // bytes remembered of the beginning and of the end of what was read
constexpr std::uint64_t kPiece = 32 << 10; // bytes remembered of either end of a skipped range
constexpr std::size_t kSkipped = 16;       // how many pieces; bytes change soon after they came or never

}  // namespace

Witnesses::Witness Witnesses::look(const File& file, std::uint64_t offset, std::uint64_t length) {
  const auto size = static_cast<std::size_t>(length);
  std::unique_ptr<std::uint8_t[]> bytes(new std::uint8_t[size]);
  const std::size_t count = file.read(bytes.get(), size, offset);
  return {offset, size, count == size ? crc32c(bytes.get(), size) : ~crc32c(bytes.get(), count)};
}

bool Witnesses::hold(const File& file) const {
  const auto holds = [&](const Witness& witness) {
    return witness.length == 0 || look(file, witness.offset, witness.length).crc == witness.crc;
  };
  return holds(head_) && holds(tail_) && std::all_of(skipped_.begin(), skipped_.end(), holds);
}

void Witnesses::note_read(const File& file, std::uint64_t offset) {
  const std::uint64_t length = std::min(offset, kEdge);
  if (head_.length < length) head_ = look(file, 0, length);
  if (tail_.offset + tail_.length != offset) tail_ = look(file, offset - length, length);
}

void Witnesses::note_skipped(const File& file, std::uint64_t offset, std::uint64_t length) {
  skipped_.push_back(look(file, offset, std::min(length, kPiece)));
  if (length > kPiece) {
    const std::uint64_t rest = std::min(length - kPiece, kPiece);
    skipped_.push_back(look(file, offset + length - rest, rest));
  }
  while (skipped_.size() > kSkipped) skipped_.pop_front();
}

}  // namespace cupola
