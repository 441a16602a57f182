#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace cupola {

/// An event file of our own, open for appending. Names sort by age: TensorBoard reads a directory's files in
/// the order of their names.
///
/// A name is `events.out.tfevents.<s>.<host>.<µs>.<pid><suffix>`: 10 digits of seconds since 1970, the host,
/// 6 digits of microseconds and the process. Within a process no instant is used twice, nor one before an
/// instant already used, so a clock set back does no harm.
class OutputFile {
 public:
  /// So many stay open between writes; a program that logs thousands of runs keeps its file descriptors for
  /// itself.
  static constexpr int kMaxOpen = 64;

  OutputFile() = default;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() { close(); }

  /// Makes a file of a new name in `directory`, which is made too if it is missing. Returns 0 or an errno.
  /// Paths are the system's bytes (UTF-8 on Windows).
  int create(const std::string& directory, const std::string& suffix);

  /// Appends; returns the bytes written, fewer than `size` only if `error` was set to an errno.
  std::size_t write(const std::uint8_t* data, std::size_t size, int& error);

  /// Takes the last `count` bytes that were written away again: a record of which only a part came to the
  /// file. Leaves them where storage refuses that too, or someone else has changed the file's size.
  void cut_back(std::size_t count);

  /// True if the file has no name any more: someone removed it, or its directory.
  bool unlinked() const;

  /// If too many files are open, closes this one until `resume`. Returns 0 or close's errno: then it is
  /// closed for good.
  int suspend();

  /// Opens a suspended file again. Returns 0 or an errno: ENOENT if it has no name any more.
  int resume();

  /// Closes the file and takes its name away: nothing of worth is in it.
  void remove();

  /// Closes; returns 0 or an errno (quotas and network file systems report there).
  int close();

  bool is_open() const { return descriptor_ >= 0; }
  bool is_suspended() const { return is_suspended_; }
  const std::string& path() const { return path_; }

 private:
  int descriptor_ = -1;
  bool is_suspended_ = false;
  std::int64_t size_ = 0;
  std::string path_;
};

/// Of this process.
int process_id();

/// For tests: sets this process's wall clock ahead (or back) by so many seconds.
void shift_wall_clock(double seconds);

/// Seconds since 1970 UTC.
double wall_time_now();

}  // namespace cupola
