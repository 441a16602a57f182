#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "event_file.h"

namespace cupola {

struct WriterOptions {
  std::string directory;
  std::string suffix;
  double interval_s = 0.25;             ///< at most this long a record waits in memory while storage works
  std::size_t max_bytes = 32u << 20;    ///< at most so many bytes wait in memory
  bool write_through = false;           ///< the caller writes, no thread: for forked children and the end of the process
};

/// What happened to the records that were given to a writer.
struct WriterReport {
  std::uint64_t accepted = 0;  ///< taken into memory
  std::uint64_t written = 0;   ///< given to the kernel: they survive the process
  std::uint64_t dropped = 0;   ///< lost: refused because memory was full, too big for the file system, or given up at the end
  std::uint64_t failures = 0;  ///< calls to storage that failed
  std::uint64_t removals = 0;  ///< times that the file was removed under us
  int error = 0;               ///< errno of the last failure
};

/// Takes records from any thread and gives them to event files from a thread of its own.
///
/// The caller's part is a copy into a block of memory. The thread writes the blocks as soon as something is there, then at most every
/// `interval_s`, and at once when a block is full. When storage fails it tries again, soon and then ever more seldom, always in a new file: what
/// stands at the end of a file after a failure is unknown. A record counts as written once write(2) has taken it; that survives the death of the
/// process, not that of the machine.
class Writer : public std::enable_shared_from_this<Writer> {
 public:
  enum class Outcome { kTaken, kDropped, kMustWait, kNotice };

  explicit Writer(WriterOptions options) : options_(std::move(options)), write_through_(options_.write_through) {}

  /// Makes the first file now instead of with the first record. Returns 0 or the errno why the directory cannot be used; failures to write
  /// are not among them.
  int open();

  /// Takes a scalar. `kMustWait`: it was not taken; call again with `may_wait`, not holding what others need, and it takes up to 8 ms.
  /// `kNotice`: it was not taken; call `take_notice` first.
  Outcome scalar(std::string_view tag, float value, std::int64_t step, double wall_time, bool may_wait);

  /// Takes an encoded `Event`; the same outcomes.
  Outcome event(std::string_view payload, bool may_wait);

  /// True once everything taken before the call is written. False if storage fails, or makes no progress for `timeout_s`.
  bool flush(double timeout_s);

  /// Flushes, gives up what cannot be written, ends the thread. The result is flush's.
  bool close(double timeout_s);

  /// From now on the caller writes: nothing stays behind in memory where no thread may live to write it.
  void set_write_through();

  WriterReport report();
  std::string path();
  /// True once for each kind of trouble that a person should be told of.
  bool take_notice();
  const WriterOptions& options() const { return options_; }

 private:
  /// Framed records one behind the other. `begin` is the first that is not written yet; once sealed, none is added.
  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t begin = 0, size = 0, capacity = 0;
    bool sealed = false;
  };
  /// One block's way to storage: what to say at the head of a new file, and what came of it.
  struct Passage {
    std::string remark;
    std::uint64_t written = 0, dropped = 0;
    int error = 0;
    bool removed = false, remarked = false;
  };
  enum Notice { kFailure = 1, kLoss = 2, kRemoval = 4 };
  using Lock = std::unique_lock<std::mutex>;

  // With the lock held; those that take the lock give it back while they wait or write.
  template <typename Put>
  Outcome take(std::size_t payload_size, bool may_wait, Put put);
  bool has_room(std::size_t size) const;
  char* place(std::size_t size);
  void drop(std::uint64_t records);
  void note(Notice notice);
  void note_failure(int error);
  void wake_thread(Lock& lock);
  void write_in_caller(Lock& lock);
  bool write_pending(Lock& lock);
  // Without the lock, by whoever set writing_.
  void write_block(Block& block, Passage& passage);
  int begin_file();
  int write_own(const std::string& event);
  void run();

  const WriterOptions options_;

  EventFile file_;      // of whoever set writing_, without the lock
  bool fresh_ = false;  // nothing but its first event stands in it

  std::mutex mutex_;  // of all below
  std::condition_variable work_, progress_;
  std::deque<Block> blocks_;
  Block spare_;
  std::string path_;
  std::size_t pending_bytes_ = 0;
  std::uint64_t taken_bytes_ = 0, settled_bytes_ = 0;  // settled: written or given up
  std::uint64_t attempts_ = 0;                         // that failed
  std::uint64_t told_dropped_ = 0;                     // of report_.dropped, what a remark in a file says
  WriterReport report_;
  int noticed_ = 0;  // Notices raised so far
  bool notice_ = false;
  bool running_ = false;  // the thread lives
  bool writing_ = false;  // someone writes without the lock
  bool urgent_ = false, closing_ = false, abandoned_ = false;
  bool failing_ = false;  // the last attempt failed
  bool stuck_ = false;    // a caller waited in vain; nothing has been written since
  bool write_through_;
};

}  // namespace cupola
