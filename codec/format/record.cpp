#include "format/record.h"

#include <algorithm>

#include "format/crc32c.h"

namespace cupola {
namespace {

constexpr std::uint64_t kShort = 4096;

}  // namespace

std::uint32_t masked_crc32c(const void* data, std::size_t size) { return masked(crc32c(data, size)); }

bool read_header(const std::uint8_t* head, std::uint64_t& length) {
  length = load_little<std::uint64_t>(head);
  return length <= kMaxPayload && load_little<std::uint32_t>(head + 8) == masked_crc32c(head, 8);
}

Frame read_record(Bytes bytes, Bytes& payload, std::uint64_t longest) {
  if (bytes.size() < kHeaderBytes) return Frame::truncated;
  auto length = load_little<std::uint64_t>(bytes.data());
  const std::size_t left = bytes.size() - kHeaderBytes;
  if (length > std::min(longest, kShort) || left < length + kFooterBytes) [[unlikely]] {
    // Payloads are not read before their length is known to be one.
    if (!read_header(bytes.data(), length)) return Frame::bad_length;
    if (left < length + kFooterBytes) return Frame::truncated;
    if (length > longest) return Frame::bad_payload;
  }
  const std::uint8_t* begin = bytes.data() + kHeaderBytes;
  payload = {begin, static_cast<std::size_t>(length)};
  const RecordCrcs crcs = crc32c_of_record(bytes.data(), begin, payload.size());
  if (load_little<std::uint32_t>(bytes.data() + 8) != masked(crcs.length)) return Frame::bad_length;
  return load_little<std::uint32_t>(begin + length) == masked(crcs.payload) ? Frame::whole
                                                                            : Frame::bad_payload;
}

void store_record(std::uint8_t* out, const void* payload, std::size_t size) {
  store_little(out, static_cast<std::uint64_t>(size));
  if (size) std::memcpy(out + kHeaderBytes, payload, size);
  seal_records(out, size + kFrameBytes);
}

std::size_t record_size(const std::uint8_t* record) {
  return static_cast<std::size_t>(load_little<std::uint64_t>(record)) + kFrameBytes;
}

void seal_records(std::uint8_t* records, std::size_t size) {
  for (std::size_t at = 0; at < size;) {
    std::uint8_t* record = records + at;
    const std::size_t whole = record_size(record);
    store_little(record + 8, masked_crc32c(record, 8));
    store_little(record + whole - kFooterBytes, masked_crc32c(record + kHeaderBytes, whole - kFrameBytes));
    at += whole;
  }
}

std::size_t find_header(Bytes bytes) {
  // Zeros are what lost bytes mostly are, and the length 0 that they claim has one CRC only.
  static const std::uint8_t zeros[8] = {};
  static const std::uint32_t crc_of_zero = masked_crc32c(zeros, sizeof zeros);
  std::size_t at = 0;
  for (; at + kHeaderBytes <= bytes.size(); ++at) {
    const std::uint8_t* head = bytes.data() + at;
    const auto length = load_little<std::uint64_t>(head);
    if (length > kMaxPayload) continue;
    const auto crc = load_little<std::uint32_t>(head + 8);
    if (length == 0 ? crc == crc_of_zero : crc == masked_crc32c(head, 8)) break;
  }
  return at;
}

}  // namespace cupola
