#include "write/writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#ifndef _WIN32
#include <csignal>
#endif

#include "format/encode.h"
#include "format/event.h"

namespace cupola {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::size_t kSliceBytes = 1u << 20;  // of one write(2), so that it is seen whether storage gets on
constexpr double kWaitForWriter_s = 0.008;
constexpr double kSlowWrite_s = 0.1;
constexpr double kBriskInterval_s = 0.1;  // between writes to one of few files; they cost little CPU time
constexpr double kShare_s = 0.01;         // the same for each of many files, up to the writer's own interval
constexpr int kHandOvers = 16;            // of a new writer, so that a program that ends at once leaves most
constexpr double kFirstPause_s = 0.02, kLongestPause_s = 1.0;

std::atomic<int> threads{0};

std::string kind_of_record(const std::uint8_t* record) {
  return event_kind({record + kHeaderBytes, record_size(record) - kFrameBytes});
}

/// Failures to make the first file that may pass; all others say that the directory cannot be used at all.
bool is_transient(int error) {
  return error == ENOSPC || error == EIO || error == EFBIG || error == EMFILE || error == ENFILE ||
         error == ENOMEM || error == EINTR || error == EAGAIN
#ifdef EDQUOT
         || error == EDQUOT
#endif
#ifdef ESTALE
         || error == ESTALE
#endif
      ;
}

/// Starts a thread that no signal is delivered to: Python wants them in its own threads.
template <typename Body>
void start_detached(Body body) {
#ifdef _WIN32
  std::thread(std::move(body)).detach();
#else
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread(std::move(body)).detach();
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
#endif
}

}  // namespace

int Writer::open() {
  int error = open_file();
  if (error && !is_transient(error)) return error;
  Lock lock(mutex_);
  if (error) record_failure(error);
  file_.suspend();
  path_ = file_.path();
  hand_overs_left_ = kHandOvers;
  if (!write_through_) wake_thread(lock);  // so that the first record finds it there
  return 0;
}

// ---- The thread, or the caller in its place ----

void Writer::wake_thread(Lock& lock) {
  if (running_) return work_.notify_one();
  if (closing_) return;
  try {
    start_detached([self = shared_from_this()] { self->run(); });
    running_ = true;
    ++threads;
  } catch (const std::system_error&) {
    if (!writing_) write_pending(lock);  // no more threads: the caller has to
  }
}

void Writer::write_in_caller(Lock& lock) {
  if (writing_) {  // another caller is at it and takes our record along
    progress_.wait_for(lock, Seconds(kWaitForWriter_s), [&] { return !writing_; });
    return;
  }
  auto start = Clock::now();
  bool written = write_pending(lock);
  if (written && Clock::now() - start < ticks(kSlowWrite_s)) return;
  write_through_ = false;
  if (!queue_.is_empty()) wake_thread(lock);
}

void Writer::run() {
  Lock lock(mutex_);
  Clock::time_point retry{};
  double pause_s = 0;
  for (;;) {
    work_.wait(lock, [&] { return !queue_.is_empty() || closing_; });
    work_.wait_until(lock, failing_ ? retry : pace_.due(),
                     [&] { return urgent_ || closing_ || (!failing_ && queue_.has_full_block()); });
    if (abandoned_ || (closing_ && queue_.is_empty())) break;
    urgent_ = false;
    auto finished = finished_bytes_;
    bool first_failure = !failing_;
    bool written = write_pending(lock);
    pace_.written(Clock::now(),
                  std::min(options_.interval_s, std::max(kBriskInterval_s, threads * kShare_s)));
    // A new file often is the cure, so the first trial of one comes at once.
    if (written || first_failure || finished_bytes_ != finished) {
      pause_s = 0;
    } else {
      pause_s = std::clamp(2 * pause_s, kFirstPause_s, kLongestPause_s);
    }
    retry = Clock::now() + ticks(pause_s);
    // Who closes decides when it is enough.
    if (closing_ && !written) work_.wait_for(lock, Seconds(kFirstPause_s), [&] { return abandoned_.load(); });
  }
  finish_file(lock);
  running_ = false;
  --threads;
  progress_.notify_all();
}

bool Writer::write_pending(Lock& lock) {
  progress_.wait(lock, [&] { return !writing_; });
  writing_ = true;
  bool written = true;
  while (written && !queue_.is_empty() && !abandoned_) {
    Block& block = queue_.seal_front();
    WriteResult result;
    prepare_note(result);
    std::size_t begin = block.begin;
    lock.unlock();
    write_block(block, result);
    lock.lock();
    written = result.error == 0;
    finished_bytes_ += block.begin - begin;
    if (block.begin != begin) {
      stuck_ = failing_ = false;
      attempts_before_progress_ = attempts_;
    }
    settle(result);
    if (block.begin == block.size) queue_.pop_front();
    progress_.notify_all();
  }
  writing_ = false;
  if (abandoned_) drop_pending();
  progress_.notify_all();
  return written;
}

void Writer::settle(const WriteResult& result) {
  report_.written += result.written;
  report_.in_doubt += result.in_doubt;
  path_ = file_.path();
  if (result.note_written) noted_ = result.noted;
  if (result.dropped) report_.dropped.add(result.dropped_kind, result.dropped), raise(kLoss);
  if (result.removed) ++report_.removals, raise(kRemoval);
  if (result.in_doubt) {
    ++report_.failures;
    ++report_.close_failures;
    report_.close_error = result.close_error;
    raise(kClose);
  }
  if (result.error) record_failure(result.error);
}

void Writer::record_failure(int error) {
  ++report_.failures;
  ++attempts_;
  report_.error = error;
  failing_ = true;
  raise(kFailure);
}

void Writer::finish_file(Lock& lock) {
  progress_.wait(lock, [&] { return !writing_; });
  writing_ = true;
  // The second time says, in a file of its own, that the first close failed.
  for (int time = 0; time < 2; ++time) {
    WriteResult result;
    if (!abandoned_) prepare_note(result);
    if (time && result.note.empty()) break;
    lock.unlock();
    if (!result.note.empty() && !use_file(result)) write_note(result);
    close_file(result);
    lock.lock();
    settle(result);
  }
  writing_ = false;
}

void Writer::prepare_note(WriteResult& result) const {
  result.noted = {report_.dropped.total(), report_.in_doubt};
  if (result.noted.dropped > noted_.dropped) {
    result.note = std::to_string(result.noted.dropped) + " events were dropped so far (" +
                  to_text(report_.dropped) +
                  "): " + (report_.error ? std::strerror(report_.error) : "storage was too slow");
  }
  if (result.noted.in_doubt > noted_.in_doubt) {
    if (!result.note.empty()) result.note += "; ";
    result.note += "closing an event file failed: " + std::string(std::strerror(report_.close_error)) +
                   ". Some of the " + std::to_string(result.noted.in_doubt) +
                   " events that were written before may be missing";
  }
}

// ---- Files, without the lock ----

int Writer::open_file() {
  int error = file_.create(options_.directory, options_.suffix);
  if (error) return error;
  is_fresh_ = true;
  file_records_ = 0;
  error = write_event(file_version_event(wall_time_now()));
  if (error) file_.remove();
  return error;
}

int Writer::use_file(WriteResult& result) {
  if (file_.is_suspended()) {
    int error = file_.resume();
    result.removed = error == ENOENT;
    if (error && !result.removed) return result.error = error;
  }
  if (file_.unlinked()) result.removed = true;
  if (result.removed) file_.close(), file_records_ = 0;
  return result.error = file_.is_open() ? 0 : open_file();
}

int Writer::write_event(const std::string& event) {
  std::vector<std::uint8_t> record(event.size() + kFrameBytes);
  store_record(record.data(), event.data(), event.size());
  int error = 0;
  std::size_t count = file_.write(record.data(), record.size(), error);
  if (error) file_.cut_back(count);
  return error;
}

void Writer::write_note(WriteResult& result) {
  result.error = write_event(warning_event(wall_time_now(), result.note));
  if (result.error) return give_up_file(result);
  result.note_written = true;
  is_fresh_ = false;
}

void Writer::write_block(Block& block, WriteResult& result) {
  std::uint8_t* data = block.data.get();
  if (!block.has_checksums) seal_records(data + block.begin, block.size - block.begin);
  block.has_checksums = true;
  if (use_file(result)) return;
  if (!result.note.empty()) write_note(result);
  if (result.error) return;
  std::size_t end = block.begin;
  while (end < block.size && !result.error && !abandoned_) {
    std::size_t count = file_.write(data + end, std::min(kSliceBytes, block.size - end), result.error);
    end += count;
    stored_bytes_ += count;
  }
  while (block.begin < end && block.begin + record_size(data + block.begin) <= end) {
    block.begin += record_size(data + block.begin);
    ++result.written;
    ++file_records_;
    is_fresh_ = false;
  }
  if (block.begin < end) file_.cut_back(end - block.begin);
  if (!result.error) return keep_few_open(result);
  if (is_fresh_ && result.error == EFBIG) {  // not even alone in a file of its own
    result.dropped_kind = kind_of_record(data + block.begin);
    block.begin += record_size(data + block.begin);
    ++result.dropped;
  }
  give_up_file(result);
}

void Writer::give_up_file(WriteResult& result) {
  if (is_fresh_) {
    file_.remove();
  } else {
    close_file(result);
  }
}

void Writer::keep_few_open(WriteResult& result) {
  count_in_doubt(result, file_.suspend());
  if (!file_.is_open()) file_records_ = 0;
}

void Writer::close_file(WriteResult& result) {
  count_in_doubt(result, file_.close());
  file_records_ = 0;
}

void Writer::count_in_doubt(WriteResult& result, int error) {
  if (!error) return;
  result.close_error = error;
  result.in_doubt += file_records_;
}

}  // namespace cupola
