#include "write/writer.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#ifndef _WIN32
#include <csignal>
#endif

#include "format/encode.h"

namespace cupola {
namespace {

using Clock = std::chrono::steady_clock;  // the wall clock may be set back
using Seconds = std::chrono::duration<double>;

constexpr std::size_t kBlockBytes = 256u << 10;
constexpr double kWaitForRoom_s = 0.008;
constexpr double kSlowWrite_s = 0.1;
constexpr double kFirstPause_s = 0.02, kLongestPause_s = 1.0;

Clock::duration ticks(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(Seconds(seconds));
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
  if (error) record_failure(error);
  file_.suspend();
  path_ = file_.path();
  return 0;
}

int Writer::open_file() {
  int error = file_.create(options_.directory, options_.suffix);
  if (error) return error;
  is_fresh_ = true;
  error = write_event(file_version_event(wall_time_now()));
  if (error) file_.remove();
  return error;
}

int Writer::write_event(const std::string& event) {
  std::vector<std::uint8_t> record(event.size() + kFrameBytes);
  store_record(record.data(), event.data(), event.size());
  int error = 0;
  file_.write(record.data(), record.size(), error);
  return error;
}

void Writer::record_failure(int error) {
  ++report_.failures;
  ++attempts_;
  report_.error = error;
  failing_ = true;
  raise(kFailure);
}

void Writer::raise(Warning warning) {
  if (warned_ & warning) return;
  warned_ |= warning;
  warning_ = true;
}

Writer::Outcome Writer::scalar(std::string_view tag, float value, std::int64_t step, double wall_time,
                               bool may_wait) {
  ScalarEvent event(tag, value, step, wall_time);
  return append(event.size(), may_wait, [&](std::uint8_t* out) { event.store(out); });
}

Writer::Outcome Writer::event(std::string_view payload, bool may_wait) {
  return append(payload.size(), may_wait,
                [&](std::uint8_t* out) { std::memcpy(out, payload.data(), payload.size()); });
}

template <typename Store>
Writer::Outcome Writer::append(std::size_t payload_size, bool may_wait, Store store) {
  std::size_t size = payload_size + kFrameBytes;
  Lock lock(mutex_);
  if (warning_ || closing_) return Outcome::kWarning;
  if (write_through_ && !may_wait) return Outcome::kMustWait;
  if (!has_room(size)) {
    bool may_succeed = !failing_ && !stuck_;
    if (may_succeed && !may_wait) return Outcome::kMustWait;
    if (may_succeed) {
      urgent_ = true;
      work_.notify_one();
      progress_.wait_for(lock, Seconds(kWaitForRoom_s), [&] { return failing_ || has_room(size); });
      stuck_ = !has_room(size);
    }
    if (!has_room(size)) return count_dropped(1), Outcome::kDropped;
  }
  bool was_empty = blocks_.empty();
  std::uint8_t* record = allocate(size);
  if (!record) return count_dropped(1), Outcome::kDropped;
  store_little(record, static_cast<std::uint64_t>(payload_size));
  store(record + kHeaderBytes);
  pending_bytes_ += size;
  accepted_bytes_ += size;
  ++report_.accepted;
  if (write_through_) {
    write_in_caller(lock);
  } else if (was_empty || blocks_.size() > 1) {
    wake_thread(lock);
  }
  return Outcome::kAccepted;
}

bool Writer::has_room(std::size_t size) const {
  return !pending_bytes_ || pending_bytes_ + size <= options_.max_bytes;
}

std::uint8_t* Writer::allocate(std::size_t size) {
  if (blocks_.empty() || blocks_.back().sealed || blocks_.back().capacity - blocks_.back().size < size) {
    Block block;
    if (spare_.data && size <= spare_.capacity) {
      block = std::move(spare_);
      spare_ = Block();
    } else {
      block.capacity = std::max(kBlockBytes, size);
      block.data.reset(new (std::nothrow) std::uint8_t[block.capacity]);
      if (!block.data) return nullptr;
    }
    blocks_.push_back(std::move(block));
  }
  Block& block = blocks_.back();
  std::uint8_t* record = block.data.get() + block.size;
  block.size += size;
  return record;
}

void Writer::count_dropped(std::uint64_t records) {
  report_.dropped += records;
  if (records) raise(kLoss);
}

void Writer::wake_thread(Lock& lock) {
  if (running_) return work_.notify_one();
  try {
    start_detached([self = shared_from_this()] { self->run(); });
    running_ = true;
  } catch (const std::system_error&) {
    if (!writing_) write_pending(lock);  // no more threads: the caller has to
  }
}

void Writer::write_in_caller(Lock& lock) {
  if (writing_) {  // another caller is at it and takes our record along
    progress_.wait_for(lock, Seconds(kWaitForRoom_s), [&] { return !writing_; });
    return;
  }
  auto start = Clock::now();
  bool written = write_pending(lock);
  if (written && Clock::now() - start < ticks(kSlowWrite_s)) return;
  write_through_ = false;
  if (!blocks_.empty()) wake_thread(lock);
}

void Writer::run() {
  Lock lock(mutex_);
  Clock::time_point last{};
  double pause_s = 0;
  for (;;) {
    work_.wait(lock, [&] { return !blocks_.empty() || closing_; });
    auto due = last + ticks(failing_ ? pause_s : options_.interval_s);
    work_.wait_until(lock, due, [&] { return urgent_ || closing_ || (!failing_ && blocks_.size() > 1); });
    if (abandoned_ || (closing_ && blocks_.empty())) break;
    urgent_ = false;
    auto finished = finished_bytes_;
    bool first_failure = !failing_;
    bool written = write_pending(lock);
    last = Clock::now();
    // A new file often is the cure, so the first trial of one comes at once.
    if (written || first_failure || finished_bytes_ != finished) {
      pause_s = 0;
    } else {
      pause_s = std::clamp(2 * pause_s, kFirstPause_s, kLongestPause_s);
    }
    if (closing_ && !written) {
      work_.wait_for(lock, Seconds(kFirstPause_s),
                     [&] { return abandoned_; });  // close() decides when it is enough
    }
  }
  running_ = false;
  progress_.notify_all();
}

bool Writer::write_pending(Lock& lock) {
  progress_.wait(lock, [&] { return !writing_; });
  writing_ = true;
  bool written = true;
  while (written && !blocks_.empty()) {
    Block block = std::move(blocks_.front());
    blocks_.pop_front();
    WriteResult result;
    if (report_.dropped > noted_dropped_) {
      result.loss_note = std::to_string(report_.dropped) + " events were dropped so far: " +
                         (report_.error ? std::strerror(report_.error) : "storage was too slow");
    }
    std::size_t begin = block.begin;
    lock.unlock();
    write_block(block, result);
    lock.lock();
    written = result.error == 0;
    finished_bytes_ += block.begin - begin;
    pending_bytes_ -= block.begin - begin;
    report_.written += result.written;
    count_dropped(result.dropped);
    path_ = file_.path();
    if (result.loss_note_written) noted_dropped_ = report_.dropped;
    if (result.removed) ++report_.removals, raise(kRemoval);
    if (block.begin != begin) stuck_ = false;
    if (result.error) record_failure(result.error);
    else failing_ = false;
    if (block.begin < block.size) {
      blocks_.push_front(std::move(block));
    } else if (block.capacity == kBlockBytes) {
      block.begin = block.size = 0;
      block.sealed = false;
      spare_ = std::move(block);
    }
    progress_.notify_all();
  }
  writing_ = false;
  progress_.notify_all();
  return written;
}

void Writer::write_block(Block& block, WriteResult& result) {
  std::uint8_t* data = block.data.get();
  if (!block.sealed) seal_records(data + block.begin, block.size - block.begin);
  block.sealed = true;
  if (file_.is_suspended()) {
    int error = file_.resume();
    result.removed = error == ENOENT;
    if (error && !result.removed) {
      result.error = error;
      return;
    }
  }
  if (file_.unlinked()) result.removed = true;
  if (result.removed) file_.close();
  if (!file_.is_open()) {
    result.error = open_file();
    if (result.error) return;
  }
  if (!result.loss_note.empty()) {
    result.error = write_event(warning_event(wall_time_now(), result.loss_note));
    if (result.error) return is_fresh_ ? file_.remove() : static_cast<void>(file_.close());
    result.loss_note_written = true;
  }
  std::size_t count = file_.write(data + block.begin, block.size - block.begin, result.error),
              end = block.begin + count;
  while (block.begin < end && block.begin + record_size(data + block.begin) <= end) {
    block.begin += record_size(data + block.begin);
    ++result.written;
    is_fresh_ = false;
  }
  if (!result.error) return file_.suspend();
  if (!is_fresh_) {
    file_.close();
    return;
  }
  file_.remove();
  if (result.error == EFBIG) {  // not even alone in a file of its own
    block.begin += record_size(data + block.begin);
    ++result.dropped;
  }
}

bool Writer::flush(double timeout_s) {
  Lock lock(mutex_);
  auto target = accepted_bytes_;
  if (finished_bytes_ >= target) return true;
  wake_thread(lock);
  auto finished = finished_bytes_;
  auto attempts = attempts_;
  bool asked = false;
  while (finished_bytes_ < target) {
    if (!asked) {
      urgent_ = asked = true;
      work_.notify_one();
    }
    auto attempts_before = attempts_;
    bool moved = progress_.wait_for(lock, Seconds(timeout_s), [&] {
      return finished_bytes_ != finished || attempts_ != attempts_before || finished_bytes_ >= target;
    });
    if (!moved) return false;
    if (finished_bytes_ != finished) {
      finished = finished_bytes_;
      attempts = attempts_;
    } else if (attempts_ >= attempts + 2) {  // the one that was under way when we came, and one of our own
      return false;
    }
    asked = false;
  }
  return true;
}

bool Writer::close(double timeout_s) {
  bool flushed = flush(timeout_s);
  Lock lock(mutex_);
  closing_ = true;
  abandoned_ = !flushed;
  work_.notify_one();
  progress_.wait_for(lock, Seconds(flushed ? timeout_s : 2 * kFirstPause_s),
                     [&] { return !running_ && !writing_; });
  for (Block& block : blocks_) {
    for (std::size_t at = block.begin; at < block.size; at += record_size(block.data.get() + at))
      count_dropped(1);
    finished_bytes_ += block.size - block.begin;
  }
  blocks_.clear();
  pending_bytes_ = 0;
  if (!running_ && !writing_) file_.close();
  progress_.notify_all();
  return flushed;
}

void Writer::set_write_through() {
  Lock lock(mutex_);
  write_through_ = !failing_;
}

WriterReport Writer::report() {
  Lock lock(mutex_);
  return report_;
}

std::string Writer::path() {
  Lock lock(mutex_);
  return path_;
}

bool Writer::take_warning() {
  Lock lock(mutex_);
  return std::exchange(warning_, false);
}

}  // namespace cupola
