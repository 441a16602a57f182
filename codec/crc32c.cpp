#include "crc32c.h"

namespace cupola {

std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t crc) {
  auto bytes = static_cast<const unsigned char*>(data);
  crc = ~crc;
  while (size--) {
    crc ^= *bytes++;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
  }
  return ~crc;
}

}  // namespace cupola
