#pragma once
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "write/drop_counts.h"
#include "write/output_file.h"
#include "write/pace.h"
#include "write/record_queue.h"

namespace cupola {

struct WriterOptions {
  std::string directory;
  std::string suffix;
  double interval_s = 0.25;           ///< at most this long a record waits in memory while storage works
  std::size_t max_bytes = 32u << 20;  ///< at most so many bytes wait in memory, or one event that is larger
  bool write_through =
      false;  ///< the caller writes, no thread: for forked children and the end of the process
};

/// What happened to the records that were given to a writer.
struct WriterReport {
  std::uint64_t accepted = 0;        ///< taken into memory
  std::uint64_t written = 0;         ///< given to the kernel: they survive the process
  std::uint64_t refused = 0;         ///< lost without having been taken: memory was full
  DropCounts dropped;                ///< all that is lost: refused, too big for the file system, or given up
  std::uint64_t in_doubt = 0;        ///< of those written, in files whose close(2) failed: some may be lost
  std::uint64_t failures = 0;        ///< calls to storage that failed
  std::uint64_t close_failures = 0;  ///< those of them that were close(2)
  std::uint64_t removals = 0;        ///< times that the file was removed under us
  int error = 0;                     ///< errno of the last failure to open or to write
  int close_error = 0;               ///< errno of the last failure to close
};

/// Takes records from any thread and gives them to event files from a thread of its own.
///
/// The caller's part is a copy into a block of memory. The thread writes what is there: at once after a
/// pause, then at the pace of `Pace`, and at once when a block is full. When storage fails it tries again,
/// soon and then ever more seldom, always in a new file, and takes back what it wrote of a record that did
/// not fit. A record counts as written once write(2) has taken it; that survives the death of the process,
/// not that of the machine. (A file mapped into memory would survive the process without any write, but
/// readers of such a file see zeros behind its last record, which TensorBoard takes for the end of the log.)
///
/// No call waits for longer than it was told to, so whoever waits can look after signals in between.
class Writer : public std::enable_shared_from_this<Writer> {
 public:
  enum class Outcome {
    kAccepted,
    kHandOver,  ///< taken: call `hand_over`, not holding what others need
    kDropped,   ///< lost, and counted
    kMustWait,  ///< not taken: call again with a time to wait, not holding what others need
    kNoRoom,    ///< not taken: there was no room within the time
    kRefused,   ///< not taken: call `take_warnings` and again, or the writer is closed
  };
  enum Warning { kFailure = 1, kLoss = 2, kRemoval = 4, kClose = 8 };
  enum class Wait { kWritten, kTimedOut, kFailing };

  /// A point in what was accepted, to wait for.
  struct Mark {
    std::uint64_t bytes, attempts;
  };

  explicit Writer(WriterOptions options)
      : options_(std::move(options)), queue_(options_.max_bytes), write_through_(options_.write_through) {}

  /// Makes the first file now instead of with the first record. Returns 0 or the errno why the directory
  /// cannot be used; failures to write are not among them.
  int open();

  /// Takes a scalar. If there is no room it waits for 8 ms where that may help (`may_wait`; `kMustWait`
  /// else), and drops it then.
  Outcome scalar(std::string_view tag, float value, std::int64_t step, double wall_time, bool may_wait);

  /// Takes an encoded `Event`. One that holds scalars is taken as by `scalar`; others wait for room for
  /// `wait_s` and are not dropped. `wait_s` 0 may be `kMustWait`.
  Outcome event(std::string_view payload, double wait_s);

  /// Waits until what was taken is written, for 8 ms at most. The first few times that a writer is logged to:
  /// a program that ends right then (`_exit`, a signal) has no other thread that got to run.
  void hand_over();

  /// Counts an event that was not taken and is given up.
  void drop(std::string_view payload);

  /// Everything taken so far.
  Mark mark();

  /// Waits until all before a mark is written, for at most `timeout_s`. `kFailing`: storage failed in an
  /// attempt that began after the mark.
  Wait wait(Mark mark, double timeout_s);

  /// Takes nothing more, writes what is there, says in the file what was lost, closes it and ends the thread;
  /// false if that takes longer than `timeout_s`. To be called again then, or to be given up by `abandon`.
  bool close(double timeout_s);

  /// Gives up what is not written yet. The thread ends once storage lets it.
  void abandon();

  /// Whether `close` or `abandon` was called.
  bool is_ending();

  /// From now on the caller writes: nothing stays behind in memory where no thread may live to write it.
  void set_write_through();

  WriterReport report();
  std::string path();
  /// The kinds of trouble (`Warning`) that the user should be warned of, each of them once.
  int take_warnings();
  /// Bytes that storage has taken so far: it gets on if they grow.
  std::uint64_t stored_bytes() const { return stored_bytes_.load(std::memory_order_relaxed); }
  const WriterOptions& options() const { return options_; }

 private:
  /// What a part of the losses is called that was said in a file.
  struct Noted {
    std::uint64_t dropped = 0, in_doubt = 0;
  };
  /// What writing one block, or closing a file, did.
  struct WriteResult {
    std::string note;  // written before the block: what is missing from the file
    Noted noted;       // what the note says
    std::uint64_t written = 0, dropped = 0, in_doubt = 0;
    std::string dropped_kind;
    int error = 0, close_error = 0;
    bool removed = false, note_written = false;
  };
  using Lock = std::unique_lock<std::mutex>;

  // With the lock held; those that take the lock give it back while they wait or write.
  template <typename Store>
  Outcome append(std::size_t payload_size, Share share, double wait_s, Store store);
  Outcome append_large(std::string_view payload, double wait_s);
  Outcome make_room(Lock& lock, std::size_t size, Share share, double wait_s);
  Outcome refuse(Share share);
  bool wants_hand_over() const;
  void count_accepted(Lock& lock, std::size_t size, bool must_wake);
  bool raise(Warning warning);
  void record_failure(int error);
  void wake_thread(Lock& lock);
  void write_in_caller(Lock& lock);
  bool write_pending(Lock& lock);
  void settle(const WriteResult& result);
  void finish_file(Lock& lock);
  void drop_pending();
  void prepare_note(WriteResult& result) const;
  // Without the lock, by whoever set writing_.
  void write_block(Block& block, WriteResult& result);
  int use_file(WriteResult& result);
  int open_file();
  int write_event(const std::string& event);
  void write_note(WriteResult& result);
  void give_up_file(WriteResult& result);
  void keep_few_open(WriteResult& result);
  void close_file(WriteResult& result);
  void count_in_doubt(WriteResult& result, int error);
  void run();

  const WriterOptions options_;

  OutputFile file_;                 // of whoever set writing_, without the lock
  bool is_fresh_ = false;           // it holds nothing but its first event
  std::uint64_t file_records_ = 0;  // records given to it since it was opened

  std::mutex mutex_;  // of all below
  std::condition_variable work_, progress_;
  RecordQueue queue_;
  Pace pace_;
  std::string path_;
  std::uint64_t accepted_bytes_ = 0, finished_bytes_ = 0;  // finished: written or dropped
  std::atomic<std::uint64_t> stored_bytes_ = 0;
  std::uint64_t attempts_ = 0, attempts_before_progress_ = 0;  // that failed
  Noted noted_;
  WriterReport report_;
  int warned_ = 0;        // every Warning raised so far
  int untold_ = 0;        // those that wait for take_warnings
  bool running_ = false;  // the thread lives
  bool writing_ = false;  // someone writes without the lock
  bool urgent_ = false, closing_ = false;
  std::atomic<bool> abandoned_ = false;  // also looked at by whoever writes
  bool failing_ = false;                 // the last attempt failed
  bool stuck_ = false;                   // a caller waited in vain; nothing has been written since
  bool write_through_;
  int hand_overs_left_ = 0;
  Clock::time_point next_hand_over_{};
};

}  // namespace cupola
