#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "write/output_file.h"

namespace cupola {

struct WriterOptions {
  std::string directory;
  std::string suffix;
  double interval_s = 0.25;           ///< at most this long a record waits in memory while storage works
  std::size_t max_bytes = 32u << 20;  ///< at most so many bytes wait in memory
  bool write_through =
      false;  ///< the caller writes, no thread: for forked children and the end of the process
};

/// What happened to the records that were given to a writer.
struct WriterReport {
  std::uint64_t accepted = 0;  ///< taken into memory
  std::uint64_t written = 0;   ///< given to the kernel: they survive the process
  std::uint64_t dropped =
      0;  ///< lost: refused because memory was full, too big for the file system, or given up at the end
  std::uint64_t failures = 0;  ///< calls to storage that failed
  std::uint64_t removals = 0;  ///< times that the file was removed under us
  int error = 0;               ///< errno of the last failure
};

/// Takes records from any thread and gives them to event files from a thread of its own.
///
/// The caller's part is a copy into a block of memory. The thread writes the blocks as soon as something is
/// there, then at most every `interval_s`, and at once when a block is full. When storage fails it tries
/// again, soon and then ever more seldom, always in a new file: what stands at the end of a file after a
/// failure is unknown. A record counts as written once write(2) has taken it; that survives the death of the
/// process, not that of the machine.
class Writer : public std::enable_shared_from_this<Writer> {
 public:
  enum class Outcome { kAccepted, kDropped, kMustWait, kWarning };

  explicit Writer(WriterOptions options)
      : options_(std::move(options)), write_through_(options_.write_through) {}

  /// Makes the first file now instead of with the first record. Returns 0 or the errno why the directory
  /// cannot be used; failures to write are not among them.
  int open();

  /// Takes a scalar. `kMustWait`: it was not taken; call again with `may_wait`, not holding what others need,
  /// and it takes up to 8 ms. `kWarning`: it was not taken; call `take_warning` first.
  Outcome scalar(std::string_view tag, float value, std::int64_t step, double wall_time, bool may_wait);

  /// Takes an encoded `Event`; the same outcomes.
  Outcome event(std::string_view payload, bool may_wait);

  /// True once everything taken before the call is written. False if storage fails, or makes no progress for
  /// `timeout_s`.
  bool flush(double timeout_s);

  /// Flushes, gives up what cannot be written, ends the thread. The result is flush's.
  bool close(double timeout_s);

  /// From now on the caller writes: nothing stays behind in memory where no thread may live to write it.
  void set_write_through();

  WriterReport report();
  std::string path();
  /// True once for each kind of trouble that the user should be warned of.
  bool take_warning();
  const WriterOptions& options() const { return options_; }

 private:
  /// Framed records one behind the other. `begin` is the first that is not written yet; once sealed, none is
  /// added.
  struct Block {
    std::unique_ptr<std::uint8_t[]> data;
    std::size_t begin = 0, size = 0, capacity = 0;
    bool sealed = false;
  };
  /// What writing one block did.
  struct WriteResult {
    std::string loss_note;  // written before the block: what is missing from the file
    std::uint64_t written = 0, dropped = 0;
    int error = 0;
    bool removed = false, loss_note_written = false;
  };
  enum Warning { kFailure = 1, kLoss = 2, kRemoval = 4 };
  using Lock = std::unique_lock<std::mutex>;

  // With the lock held; those that take the lock give it back while they wait or write.
  template <typename Store>
  Outcome append(std::size_t payload_size, bool may_wait, Store store);
  bool has_room(std::size_t size) const;
  std::uint8_t* allocate(std::size_t size);
  void count_dropped(std::uint64_t records);
  void raise(Warning warning);
  void record_failure(int error);
  void wake_thread(Lock& lock);
  void write_in_caller(Lock& lock);
  bool write_pending(Lock& lock);
  // Without the lock, by whoever set writing_.
  void write_block(Block& block, WriteResult& result);
  int open_file();
  int write_event(const std::string& event);
  void run();

  const WriterOptions options_;

  OutputFile file_;        // of whoever set writing_, without the lock
  bool is_fresh_ = false;  // it holds nothing but its first event

  std::mutex mutex_;  // of all below
  std::condition_variable work_, progress_;
  std::deque<Block> blocks_;
  Block spare_;
  std::string path_;
  std::size_t pending_bytes_ = 0;
  std::uint64_t accepted_bytes_ = 0, finished_bytes_ = 0;  // finished: written or dropped
  std::uint64_t attempts_ = 0;                             // that failed
  std::uint64_t noted_dropped_ = 0;  // the part of report_.dropped that a loss note in a file says
  WriterReport report_;
  int warned_ = 0;        // every Warning raised so far
  bool warning_ = false;  // one is waiting for take_warning
  bool running_ = false;  // the thread lives
  bool writing_ = false;  // someone writes without the lock
  bool urgent_ = false, closing_ = false, abandoned_ = false;
  bool failing_ = false;  // the last attempt failed
  bool stuck_ = false;    // a caller waited in vain; nothing has been written since
  bool write_through_;
};

}  // namespace cupola
