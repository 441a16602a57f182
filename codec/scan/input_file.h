#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "format/cursor.h"

namespace cupola {

/// What tells a file from another, and one state of it from the next.
struct FileStatus {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;
  bool operator==(const FileStatus&) const = default;
};

/// A regular file, open for reading. It never waits for a FIFO or a device, and locks nobody out.
class InputFile {
 public:
  /// `path` is in the file system's encoding (UTF-8 on Windows). Throws std::system_error.
  explicit InputFile(const std::string& path);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  FileStatus status() const;

  /// Bytes from `offset` on; fewer than `size` only at the end of the file. Throws std::system_error.
  std::size_t read(std::uint8_t* out, std::size_t size, std::uint64_t offset) const;

 private:
  std::intptr_t handle_;
};

/// Looks without opening. Throws std::system_error.
FileStatus status_of(const std::string& path);

/// A piece of a file in memory, moving forward. It is as large as it has to be and no larger: never by what a
/// file claims.
class Window {
 public:
  /// Bytes behind `limit` do not exist for it.
  Window(const InputFile& file, std::uint64_t limit);
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  ~Window();

  std::uint64_t limit() const { return limit_; }

  /// The bytes from `offset` on: at least `wanted` unless the file ends before, and more if they are at hand.
  Bytes at(std::uint64_t offset, std::size_t wanted);

 private:
  const InputFile& file_;
  std::uint64_t limit_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::size_t capacity_ = 0, size_ = 0;
  std::uint64_t base_ = 0;
};

}  // namespace cupola
