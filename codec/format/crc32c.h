#pragma once
#include <cstddef>
#include <cstdint>

namespace cupola {

/// CRC-32C (Castagnoli) of `size` bytes, going on from `crc`; by the CPU's own instruction where there is
/// one. Source: RFC 3720, appendix B.4.
std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t crc = 0);

struct RecordCrcs {
  std::uint32_t length, payload;
};

/// CRC-32C of the 8 bytes of a record's length and of its payload, in one call: most records are shorter than
/// what a call costs.
RecordCrcs crc32c_of_record(const std::uint8_t* length, const std::uint8_t* payload, std::size_t size);

/// `crc32c`, by tables alone: what runs on a CPU without the instruction.
std::uint32_t crc32c_portable(const void* data, std::size_t size, std::uint32_t crc = 0);

/// Which of them `crc32c` is: `sse4.2`, `armv8` or `portable`.
const char* crc32c_implementation();

}  // namespace cupola
