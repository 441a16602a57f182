#include "scan/fingerprint.h"

#include <algorithm>
#include <memory>

#include "format/crc32c.h"

namespace cupola {
namespace {

constexpr std::uint64_t kEdge = 256;        // bytes sampled at the beginning and at the end of what was read
constexpr std::uint64_t kPiece = 32 << 10;  // bytes sampled at either end of a skipped range
constexpr std::size_t kSkipped = 16;        // how many pieces; bytes change soon after they came or never

}  // namespace

Fingerprint::Sample Fingerprint::sample(const InputFile& file, std::uint64_t offset, std::uint64_t length) {
  const auto size = static_cast<std::size_t>(length);
  std::unique_ptr<std::uint8_t[]> bytes(new std::uint8_t[size]);
  const std::size_t count = file.read(bytes.get(), size, offset);
  return {offset, size, count == size ? crc32c(bytes.get(), size) : ~crc32c(bytes.get(), count)};
}

bool Fingerprint::matches(const InputFile& file) const {
  const auto unchanged = [&](const Sample& sampled) {
    return sampled.length == 0 || sample(file, sampled.offset, sampled.length).crc == sampled.crc;
  };
  return unchanged(head_) && unchanged(tail_) && std::all_of(skipped_.begin(), skipped_.end(), unchanged);
}

void Fingerprint::record_read(const InputFile& file, std::uint64_t offset) {
  const std::uint64_t length = std::min(offset, kEdge);
  if (head_.length < length) head_ = sample(file, 0, length);
  if (tail_.offset + tail_.length != offset) tail_ = sample(file, offset - length, length);
}

void Fingerprint::record_skipped(const InputFile& file, std::uint64_t offset, std::uint64_t length) {
  skipped_.push_back(sample(file, offset, std::min(length, kPiece)));
  if (length > kPiece) {
    const std::uint64_t rest = std::min(length - kPiece, kPiece);
    skipped_.push_back(sample(file, offset + length - rest, rest));
  }
  while (skipped_.size() > kSkipped) skipped_.pop_front();
}

}  // namespace cupola
