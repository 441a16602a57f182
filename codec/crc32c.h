#pragma once
#include <cstddef>
#include <cstdint>

namespace cupola {

/// CRC-32C (Castagnoli) of `size` bytes, going on from `crc`.
/// Source: RFC 3720, appendix B.4.
std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t crc = 0);

}  // namespace cupola
