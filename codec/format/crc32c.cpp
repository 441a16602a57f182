#include "format/crc32c.h"

#include <array>
#include <cstring>

#if !defined(CUPOLA_PORTABLE)
#if defined(__x86_64__) || defined(_M_X64)
#define CUPOLA_CRC_SSE42 1
#include <nmmintrin.h>
#if defined(_MSC_VER)
#include <intrin.h>
#define CUPOLA_TARGET
#else
#define CUPOLA_TARGET __attribute__((target("sse4.2")))
#endif
#elif defined(__aarch64__) && (defined(__linux__) || defined(__APPLE__))
#define CUPOLA_CRC_ARMV8 1
#if !defined(__clang__)
#pragma GCC push_options
#pragma GCC target("+crc")
#endif
#include <arm_acle.h>
#if !defined(__clang__)
#pragma GCC pop_options
#endif
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#if defined(__clang__)
#define CUPOLA_TARGET __attribute__((target("crc")))
#else
#define CUPOLA_TARGET __attribute__((target("+crc")))
#endif
#endif
#endif

namespace cupola {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78u;  // Castagnoli's, bits reversed

using Table = std::array<std::uint32_t, 256>;

std::uint64_t load64(const unsigned char* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

[[maybe_unused]] std::uint32_t load32(const unsigned char* bytes) {
  std::uint32_t word;
  std::memcpy(&word, bytes, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap32(word);
#endif
  return word;
}

/// kSlices[n][b]: the CRC register after byte b and n zero bytes behind it.
constexpr std::array<Table, 8> make_slices() {
  std::array<Table, 8> slices{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? kPolynomial : 0);
    slices[0][byte] = crc;
  }
  for (std::size_t n = 1; n < 8; ++n)
    for (std::size_t byte = 0; byte < 256; ++byte)
      slices[n][byte] = slices[n - 1][byte] >> 8 ^ slices[0][slices[n - 1][byte] & 0xff];
  return slices;
}
constexpr auto kSlices = make_slices();

#if defined(CUPOLA_CRC_SSE42) || defined(CUPOLA_CRC_ARMV8)

// The instruction gives a result each cycle but takes three to finish, so three streams of kStream bytes run
// side by side and are joined by shifting the first ones over the bytes of the later ones: a table of what
// kStream zero bytes make of a register.
constexpr std::size_t kStream = 256;

constexpr std::array<Table, 4> make_shift() {
  std::array<std::uint32_t, 32> image{};
  for (int bit = 0; bit < 32; ++bit) {
    std::uint32_t crc = 1u << bit;
    for (std::size_t n = 0; n < kStream; ++n) crc = crc >> 8 ^ kSlices[0][crc & 0xff];
    image[bit] = crc;
  }
  std::array<Table, 4> shift{};
  for (int part = 0; part < 4; ++part)
    for (int byte = 0; byte < 256; ++byte)
      for (int bit = 0; bit < 8; ++bit)
        if (byte >> bit & 1) shift[part][byte] ^= image[part * 8 + bit];
  return shift;
}
constexpr auto kShift = make_shift();

std::uint32_t shifted(std::uint32_t crc) {
  return kShift[0][crc & 0xff] ^ kShift[1][crc >> 8 & 0xff] ^ kShift[2][crc >> 16 & 0xff] ^
         kShift[3][crc >> 24];
}

#if defined(CUPOLA_CRC_SSE42)
constexpr const char* kName = "sse4.2";
#define CUPOLA_CRC64(crc, word) static_cast<std::uint32_t>(_mm_crc32_u64((crc), (word)))
#define CUPOLA_CRC32(crc, word) _mm_crc32_u32((crc), (word))
#define CUPOLA_CRC8(crc, byte) _mm_crc32_u8((crc), (byte))

bool supported() {
#if defined(_MSC_VER)
  int registers[4];
  __cpuid(registers, 1);
  return registers[2] >> 20 & 1;
#else
  return __builtin_cpu_supports("sse4.2");
#endif
}
#else
constexpr const char* kName = "armv8";
#define CUPOLA_CRC64(crc, word) __crc32cd((crc), (word))
#define CUPOLA_CRC32(crc, word) __crc32cw((crc), (word))
#define CUPOLA_CRC8(crc, byte) __crc32cb((crc), (byte))

bool supported() {
#if defined(__APPLE__)
  return true;  // every Apple CPU of this architecture has it
#else
  return getauxval(AT_HWCAP) >> 7 & 1;  // HWCAP_CRC32
#endif
}
#endif

/// Goes on from a register over bytes in one stream.
CUPOLA_TARGET inline std::uint32_t over_bytes(std::uint32_t crc, const unsigned char* bytes,
                                              std::size_t size) {
  for (; size >= 8; size -= 8, bytes += 8) crc = CUPOLA_CRC64(crc, load64(bytes));
  if (size >= 4) {
    crc = CUPOLA_CRC32(crc, load32(bytes));
    bytes += 4;
    size -= 4;
  }
  while (size--) crc = CUPOLA_CRC8(crc, *bytes++);
  return crc;
}

CUPOLA_TARGET std::uint32_t crc32c_hardware(const void* data, std::size_t size, std::uint32_t crc) {
  auto bytes = static_cast<const unsigned char*>(data);
  crc = ~crc;
  while (size >= 3 * kStream) {
    std::uint32_t second = 0, third = 0;
    for (std::size_t at = 0; at < kStream; at += 8) {
      crc = CUPOLA_CRC64(crc, load64(bytes + at));
      second = CUPOLA_CRC64(second, load64(bytes + kStream + at));
      third = CUPOLA_CRC64(third, load64(bytes + 2 * kStream + at));
    }
    crc = shifted(shifted(crc) ^ second) ^ third;
    bytes += 3 * kStream;
    size -= 3 * kStream;
  }
  return ~over_bytes(crc, bytes, size);
}

CUPOLA_TARGET RecordCrcs record_hardware(const std::uint8_t* length, const std::uint8_t* payload,
                                         std::size_t size) {
  const std::uint32_t of_length = ~CUPOLA_CRC64(~0u, load64(length));
  if (size >= 3 * kStream) return {of_length, crc32c_hardware(payload, size, 0)};
  return {of_length, ~over_bytes(~0u, payload, size)};
}
#endif

RecordCrcs record_portable(const std::uint8_t* length, const std::uint8_t* payload, std::size_t size) {
  return {crc32c_portable(length, 8, 0), crc32c_portable(payload, size, 0)};
}

struct Implementation {
  const char* name;
  std::uint32_t (*bytes)(const void*, std::size_t, std::uint32_t);
  RecordCrcs (*record)(const std::uint8_t*, const std::uint8_t*, std::size_t);
};

Implementation choose() {
#if defined(CUPOLA_CRC_SSE42) || defined(CUPOLA_CRC_ARMV8)
  if (supported()) return {kName, crc32c_hardware, record_hardware};
#endif
  return {"portable", crc32c_portable, record_portable};
}
const Implementation chosen = choose();

}  // namespace

std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t crc) {
  return chosen.bytes(data, size, crc);
}

RecordCrcs crc32c_of_record(const std::uint8_t* length, const std::uint8_t* payload, std::size_t size) {
  return chosen.record(length, payload, size);
}

std::uint32_t crc32c_portable(const void* data, std::size_t size, std::uint32_t crc) {
  auto bytes = static_cast<const unsigned char*>(data);
  crc = ~crc;
  for (; size >= 8; size -= 8, bytes += 8) {
    const std::uint64_t word = load64(bytes) ^ crc;
    crc = kSlices[7][word & 0xff] ^ kSlices[6][word >> 8 & 0xff] ^ kSlices[5][word >> 16 & 0xff] ^
          kSlices[4][word >> 24 & 0xff] ^ kSlices[3][word >> 32 & 0xff] ^ kSlices[2][word >> 40 & 0xff] ^
          kSlices[1][word >> 48 & 0xff] ^ kSlices[0][word >> 56];
  }
  while (size--) crc = crc >> 8 ^ kSlices[0][(crc ^ *bytes++) & 0xff];
  return ~crc;
}

const char* crc32c_implementation() { return chosen.name; }

}  // namespace cupola
