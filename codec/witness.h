#pragma once
#include <cstdint>
#include <deque>

#include "file.h"

namespace cupola {

/// Remembers bytes of a file, to notice that it is not the one we read: replaced, cut and grown again, or zeros that became data.
class Witnesses {
 public:
  /// Whether all that was remembered still stands in the file.
  bool hold(const File& file) const;

  /// The file is read up to `offset`: remembers how it begins and what stands before that place.
  void note_read(const File& file, std::uint64_t offset);

  /// These bytes were given up as damaged.
  void note_skipped(const File& file, std::uint64_t offset, std::uint64_t length);

 private:
  struct Witness {
    std::uint64_t offset = 0;
    std::size_t length = 0;
    std::uint32_t crc = 0;
  };
  static Witness look(const File& file, std::uint64_t offset, std::uint64_t length);

  Witness head_, tail_;
  std::deque<Witness> skipped_;
};

}  // namespace cupola
