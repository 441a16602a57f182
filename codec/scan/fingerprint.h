#pragma once
#include <cstdint>
#include <deque>

#include "scan/input_file.h"

namespace cupola {

/// CRCs of parts of a file, to notice that it is not the one that was read: replaced, truncated and grown
/// again, or zeros that became data.
class Fingerprint {
 public:
  /// Whether the file still has the same bytes in all sampled places.
  bool matches(const InputFile& file) const;

  /// The file is read up to `offset`: samples its beginning and what stands before that place.
  void record_read(const InputFile& file, std::uint64_t offset);

  /// These bytes were skipped as damaged.
  void record_skipped(const InputFile& file, std::uint64_t offset, std::uint64_t length);

 private:
  struct Sample {
    std::uint64_t offset = 0;
    std::size_t length = 0;
    std::uint32_t crc = 0;
  };
  static Sample sample(const InputFile& file, std::uint64_t offset, std::uint64_t length);

  Sample head_, tail_;
  std::deque<Sample> skipped_;
};

}  // namespace cupola
