#pragma once
#include <cstddef>
#include <cstdint>

namespace cupola {

/// CRC-32C (Castagnoli) of `size` bytes, going on from `crc`; by the CPU's own instruction where there is
/// one. Source: RFC 3720, appendix B.4.
std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t crc = 0);

/// The same, by tables alone: what runs on a CPU without the instruction.
std::uint32_t crc32c_portable(const void* data, std::size_t size, std::uint32_t crc = 0);

/// Which of them `crc32c` is: `sse4.2`, `armv8` or `portable`.
const char* crc32c_implementation();

}  // namespace cupola
