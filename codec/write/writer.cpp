#include "write/writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "format/encode.h"
#include "format/event.h"

namespace cupola {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::size_t kLargeBytes = 256u << 10;  // stored without holding up others
constexpr std::size_t kScalarEventBytes = 1024;  // an event of scalars is no longer
constexpr double kWaitForRoom_s = 0.008;
constexpr double kLongestWaitForRoom_s = 0.25;
constexpr double kBetweenHandOvers_s = 25e-6;

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string kind_of_record(const std::uint8_t* record) {
  return event_kind({record + kHeaderBytes, record_size(record) - kFrameBytes});
}

}  // namespace

// ---- Taking records ----

Writer::Outcome Writer::scalar(std::string_view tag, float value, std::int64_t step, double wall_time,
                               bool may_wait) {
  ScalarEvent event(tag, value, step, wall_time);
  return append(event.size(), Share::kScalars, may_wait ? kWaitForRoom_s : 0.0,
                [&](std::uint8_t* out) { event.store(out); });
}

Writer::Outcome Writer::event(std::string_view payload, double wait_s) {
  if (payload.size() + kFrameBytes > kLargeBytes) return append_large(payload, wait_s);
  bool is_scalar = payload.size() <= kScalarEventBytes && event_kind(bytes_of(payload)) == "scalars";
  return append(payload.size(), is_scalar ? Share::kScalars : Share::kOthers, wait_s,
                [&](std::uint8_t* out) { std::memcpy(out, payload.data(), payload.size()); });
}

template <typename Store>
Writer::Outcome Writer::append(std::size_t payload_size, Share share, double wait_s, Store store) {
  std::size_t size = payload_size + kFrameBytes;
  Lock lock(mutex_);
  if (Outcome outcome = make_room(lock, size, share, wait_s); outcome != Outcome::kAccepted) return outcome;
  bool was_empty = queue_.is_empty();
  std::uint8_t* record = queue_.append(size, share);
  if (!record) return refuse(share);
  store_little(record, static_cast<std::uint64_t>(payload_size));
  store(record + kHeaderBytes);
  count_accepted(lock, size, was_empty || queue_.has_full_block());
  return share == Share::kScalars && wants_hand_over() ? Outcome::kHandOver : Outcome::kAccepted;
}

Writer::Outcome Writer::append_large(std::string_view payload, double wait_s) {
  std::size_t size = payload.size() + kFrameBytes;
  {
    Lock lock(mutex_);
    Outcome outcome = make_room(lock, size, Share::kOthers, wait_s);
    if (outcome != Outcome::kAccepted) return outcome;
    queue_.reserve(size);
  }
  Block block;
  bool has_memory = RecordQueue::allocate(size, block);
  if (has_memory) {
    store_record(block.data.get(), payload.data(), payload.size());
    block.size = block.others = size;
    block.is_sealed = block.has_checksums = true;
  }
  Lock lock(mutex_);
  if (!has_memory || closing_) {
    queue_.release(size);
    progress_.notify_all();
    return closing_ ? Outcome::kRefused : Outcome::kNoRoom;
  }
  queue_.push(std::move(block));
  count_accepted(lock, size, true);
  return Outcome::kAccepted;
}

Writer::Outcome Writer::make_room(Lock& lock, std::size_t size, Share share, double wait_s) {
  if (untold_ || closing_) return Outcome::kRefused;
  if (write_through_ && wait_s <= 0) return Outcome::kMustWait;
  auto has_room = [&] { return queue_.has_room(size, share); };
  if (has_room()) return Outcome::kAccepted;
  bool may_help = share == Share::kOthers || (!failing_ && !stuck_);
  if (may_help && wait_s <= 0) return Outcome::kMustWait;
  auto began = Clock::now();
  while (may_help && !closing_ && !has_room()) {
    urgent_ = true;
    work_.notify_one();
    std::uint64_t stored = stored_bytes();
    double slice_s = share == Share::kScalars ? kWaitForRoom_s : wait_s;
    progress_.wait_for(lock, Seconds(slice_s),
                       [&] { return closing_ || has_room() || (share == Share::kScalars && failing_); });
    if (share == Share::kOthers) break;
    stuck_ = !has_room() && stored_bytes() == stored;  // the training loop waits for what gets on
    if (stuck_ || failing_) break;
    if (Clock::now() - began > ticks(kLongestWaitForRoom_s)) return Outcome::kRefused;
  }
  if (closing_) return Outcome::kRefused;
  return has_room() ? Outcome::kAccepted : refuse(share);
}

Writer::Outcome Writer::refuse(Share share) {
  if (share == Share::kOthers) return Outcome::kNoRoom;
  if (raise(kLoss)) return Outcome::kRefused;  // so that it is told at once
  ++report_.refused;
  report_.dropped.add("scalars", 1);
  return Outcome::kDropped;
}

void Writer::drop(std::string_view payload) {
  Lock lock(mutex_);
  ++report_.refused;
  report_.dropped.add(event_kind(bytes_of(payload)), 1);
  raise(kLoss);
}

void Writer::count_accepted(Lock& lock, std::size_t size, bool must_wake) {
  accepted_bytes_ += size;
  ++report_.accepted;
  if (write_through_) {
    write_in_caller(lock);
  } else if (must_wake) {
    wake_thread(lock);
  }
}

bool Writer::raise(Warning warning) {
  if (warned_ & warning) return false;
  warned_ |= warning;
  untold_ |= warning;
  return true;
}

// ---- Waiting ----

bool Writer::wants_hand_over() const {
  return hand_overs_left_ && !write_through_ && !failing_ && Clock::now() >= next_hand_over_;
}

void Writer::hand_over() {
  Lock lock(mutex_);
  if (!wants_hand_over()) return;  // another thread's call was quicker
  --hand_overs_left_;
  urgent_ = true;
  wake_thread(lock);
  auto is_written = [&, bytes = accepted_bytes_] { return finished_bytes_ >= bytes; };
  if (!progress_.wait_for(lock, Seconds(kWaitForRoom_s), is_written)) hand_overs_left_ = 0;
  next_hand_over_ = Clock::now() + ticks(kBetweenHandOvers_s);
}

Writer::Mark Writer::mark() {
  Lock lock(mutex_);
  return {accepted_bytes_, attempts_};
}

Writer::Wait Writer::wait(Mark mark, double timeout_s) {
  Lock lock(mutex_);
  auto is_written = [&] { return finished_bytes_ >= mark.bytes; };
  // One attempt may have been under way before the mark.
  auto is_failing = [&] { return attempts_ >= std::max(mark.attempts, attempts_before_progress_) + 2; };
  if (is_written()) return Wait::kWritten;
  urgent_ = true;
  wake_thread(lock);
  progress_.wait_for(lock, Seconds(timeout_s), [&] { return is_written() || is_failing(); });
  return is_written() ? Wait::kWritten : is_failing() ? Wait::kFailing : Wait::kTimedOut;
}

bool Writer::close(double timeout_s) {
  Lock lock(mutex_);
  closing_ = true;
  work_.notify_one();
  progress_.notify_all();
  auto is_idle = [&] { return !running_ && !writing_; };
  if (!progress_.wait_for(lock, Seconds(timeout_s), is_idle)) return false;
  if (!abandoned_) write_pending(lock);  // where there is no thread
  if (!queue_.is_empty()) return false;
  finish_file(lock);
  return true;
}

void Writer::abandon() {
  Lock lock(mutex_);
  closing_ = abandoned_ = true;
  drop_pending();
  work_.notify_one();
  progress_.notify_all();
}

bool Writer::is_ending() {
  Lock lock(mutex_);
  return closing_;
}

void Writer::drop_pending() {
  for (const Block& block : queue_.take_all(writing_)) {
    for (std::size_t at = block.begin; at < block.size; at += record_size(block.data.get() + at))
      report_.dropped.add(kind_of_record(block.data.get() + at), 1);
    finished_bytes_ += block.size - block.begin;
  }
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

int Writer::take_warnings() {
  Lock lock(mutex_);
  return std::exchange(untold_, 0);
}

}  // namespace cupola
