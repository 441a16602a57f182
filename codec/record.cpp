#include "record.h"

#include "crc32c.h"

namespace cupola {

std::uint32_t masked_crc32c(const void* data, std::size_t size) { return masked(crc32c(data, size)); }

bool read_head(const std::uint8_t* head, std::uint64_t& length) {
  length = load_little<std::uint64_t>(head);
  return length <= kMaxPayload && load_little<std::uint32_t>(head + 8) == masked_crc32c(head, 8);
}

Frame read_record(Bytes bytes, Bytes& payload, std::uint64_t longest) {
  if (bytes.size() < kFrameHead) return Frame::cut;
  std::uint64_t length;
  if (!read_head(bytes.data(), length)) return Frame::bad_length;
  if (bytes.size() - kFrameHead < length + kFrameTail) return Frame::cut;
  if (length > longest) return Frame::bad_payload;
  const std::uint8_t* begin = bytes.data() + kFrameHead;
  if (load_little<std::uint32_t>(begin + length) != masked_crc32c(begin, length)) return Frame::bad_payload;
  payload = {begin, static_cast<std::size_t>(length)};
  return Frame::whole;
}

void put_record(std::uint8_t* out, const void* payload, std::size_t size) {
  store_little(out, static_cast<std::uint64_t>(size));
  store_little(out + 8, masked_crc32c(out, 8));
  if (size) std::memcpy(out + kFrameHead, payload, size);
  store_little(out + kFrameHead + size, masked_crc32c(payload, size));
}

std::size_t find_head(Bytes bytes) {
  // Zeros are what lost bytes mostly are, and the length 0 that they claim has one CRC only.
  static const std::uint8_t zeros[8] = {};
  static const std::uint32_t crc_of_zero = masked_crc32c(zeros, sizeof zeros);
  std::size_t at = 0;
  for (; at + kFrameHead <= bytes.size(); ++at) {
    const std::uint8_t* head = bytes.data() + at;
    const auto length = load_little<std::uint64_t>(head);
    if (length > kMaxPayload) continue;
    const auto crc = load_little<std::uint32_t>(head + 8);
    if (length == 0 ? crc == crc_of_zero : crc == masked_crc32c(head, 8)) break;
  }
  return at;
}

}  // namespace cupola
