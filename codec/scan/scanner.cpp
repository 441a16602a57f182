#include "scan/scanner.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "format/crc32c.h"
#include "format/record.h"
#include "format/tensor.h"

namespace cupola {
namespace {

constexpr std::uint64_t kDataClassUnknown = 0, kDataClassScalar = 1;  // summary.proto
constexpr std::uint64_t kLarge =
    4 << 20;  // a payload above it is checked piece by piece before there is memory for it
constexpr std::size_t kPiece = 256 << 10;
constexpr std::size_t kLongestWarning = 500;
constexpr std::int64_t kRacyNs = 2'000'000'000;

// Heads that claim much of the file, again and again, would make the search take time by the square of the
// file's length. When payloads that did not fit add up to so many times the file, long ones are not looked at
// any more.
constexpr std::uint64_t kMaxCharge = 16, kFreeCharge = 256 << 20, kShort = 4096;

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

/// One scan: works on copies of the scanner's place, so that a scan that fails leaves nothing behind.
class Scanner::Reading {
 public:
  Reading(Scanner& scanner, const InputFile& file, std::uint64_t size, Chunk& chunk)
      : scanner_(scanner),
        file_(file),
        window_(file, size),
        chunk_(chunk),
        at(scanner.offset()),
        search(scanner.search_) {}

  /// Reads on. `is_changed`: what could not be read the last time may be readable now. True at the end.
  bool read(std::uint64_t max_bytes, bool is_changed);

  std::uint64_t limit() const { return window_.limit(); }

 private:
  enum class Step { on, done, end };

  Frame record_at(std::uint64_t place, Bytes& payload);
  bool payload_fits(std::uint64_t place, std::uint64_t length);
  void charge(std::uint64_t length);
  bool is_boundary(std::uint64_t place);
  Step read_records(std::uint64_t max_bytes);
  Step handle_bad_record(Frame frame);
  Step find_next_record(std::uint64_t max_bytes);
  void skip_to(std::uint64_t place, const char* reason);
  bool ingest_plain(Bytes payload);
  bool ingest(Bytes payload);
  void ingest_value(Bytes bytes, const Event& event, Bytes payload);
  void ingest_field(const Event& event, Bytes payload);
  void ingest_warning(const Event& event, Bytes payload);
  std::uint64_t offset_of(Bytes part, Bytes payload) const {
    return at + kHeaderBytes + static_cast<std::uint64_t>(part.data() - payload.data());
  }

  Scanner& scanner_;
  const InputFile& file_;
  Window window_;
  Chunk& chunk_;
  std::uint64_t spent_ = 0;

 public:
  std::uint64_t at;
  Search search;
};

/// Adds the point of a record that holds a scalar of the tag that is expected now, as most writers put it.
/// False, and nothing done, if it does not.
inline bool Scanner::Reading::ingest_plain(Bytes payload) {
  EventHead head;
  if (!parse_event_head(payload, head)) return false;
  Tag* tag = scanner_.tags_.predict(head.rest);
  if (!tag) return false;
  const auto bits = load_little<std::uint32_t>(head.rest.data() + tag->plain_prefix.size());
  if (chunk_.records++ == 0) chunk_.first_wall_time = head.wall_time;
  scanner_.tags_.series_of(*tag, true, chunk_).add(head.step, head.wall_time, std::bit_cast<float>(bits));
  ++chunk_.points;
  return true;
}

bool Scanner::Reading::read(std::uint64_t max_bytes, bool is_changed) {
  for (;;) {
    Step step = Step::on;
    if (!search.at || is_changed) step = read_records(max_bytes);
    is_changed = false;
    if (step == Step::on) step = find_next_record(max_bytes);
    if (step != Step::on) return step == Step::end;
  }
}

/// Reads records until one is not good. `on` if a search has to find the next.
Scanner::Reading::Step Scanner::Reading::read_records(std::uint64_t max_bytes) {
  for (;;) {
    Bytes rest = window_.at(at, kHeaderBytes), payload;
    Frame frame;
    while ((frame = read_record(rest, payload, scanner_.max_payload_)) == Frame::whole) {
      if (search.at) [[unlikely]]
        search = {};
      if (!ingest_plain(payload) && !ingest(payload)) return Step::done;
      const std::size_t size = payload.size() + kFrameBytes;
      at += size;
      spent_ += size;
      rest = rest.subspan(size);
      if (spent_ >= max_bytes) return at == limit() ? Step::end : Step::done;
    }
    if (at == limit()) {
      search = {};
      return Step::end;
    }
    if (frame == Frame::truncated && (frame = record_at(at, payload)) == Frame::whole) continue;
    const Step step = handle_bad_record(frame);
    if (step != Step::on) return step;
    if (search.at) return Step::on;
    if (spent_ >= max_bytes) return Step::done;
  }
}

/// No good record stands at `at`: steps over it, or begins a search, or waits.
Scanner::Reading::Step Scanner::Reading::handle_bad_record(Frame frame) {
  const Bytes head = window_.at(at, kHeaderBytes);
  std::uint64_t length;
  if (head.size() < kHeaderBytes) return Step::end;
  if (frame == Frame::bad_payload && read_header(head.data(), length)) {
    charge(length);
    spent_ += length + kFrameBytes;
    if (is_boundary(at + kFrameBytes + length)) {
      search = {};
      skip_to(at + kFrameBytes + length, "data-crc");
      return Step::on;
    }
  }
  if (!search.at) {
    search = {};
    search.at = at + 1;
  }
  search.torn = frame == Frame::truncated;
  search.reason = frame == Frame::bad_length ? "length-crc" : "data-crc";
  return Step::on;
}

Scanner::Reading::Step Scanner::Reading::find_next_record(std::uint64_t max_bytes) {
  for (;;) {
    if (spent_ >= max_bytes) return Step::done;
    const Bytes bytes = window_.at(search.at, kHeaderBytes);
    const std::size_t clear = find_header(bytes);
    search.at += clear;
    spent_ += clear;
    if (search.at + kHeaderBytes > limit()) {
      if (search.candidate) search.at = search.candidate;
      search.candidate = 0;
      return Step::end;
    }
    if (clear + kHeaderBytes > bytes.size()) continue;
    Bytes payload;
    Event event;
    const Frame frame = record_at(search.at, payload);
    if (frame == Frame::whole && (!search.torn || parse_event(payload, event))) {
      if (search.whole) {
        const std::uint64_t found = search.at;
        const char* reason = search.reason;
        search = {};
        skip_to(found, reason);
        return Step::on;
      }
      search.at = at;  // there may be one before it now
      search.whole = true;
      search.candidate = 0;
    } else if (frame == Frame::truncated && !search.candidate) {
      search.candidate = search.at;
    }
    ++search.at;
  }
}

/// The record at a place of the file, wherever that is.
Frame Scanner::Reading::record_at(std::uint64_t place, Bytes& payload) {
  const Bytes head = window_.at(place, kHeaderBytes);
  std::uint64_t length;
  if (head.size() < kHeaderBytes) return Frame::truncated;
  if (!read_header(head.data(), length)) return Frame::bad_length;
  if (limit() - place < length + kFrameBytes) return Frame::truncated;
  if (!payload_fits(place, length)) {
    spent_ += length;
    return Frame::bad_payload;
  }
  return read_record(window_.at(place, static_cast<std::size_t>(length) + kFrameBytes), payload, kMaxPayload);
}

bool Scanner::Reading::payload_fits(std::uint64_t place, std::uint64_t length) {
  if (length > scanner_.max_payload_) return false;
  std::uint32_t crc = 0;
  std::uint64_t from = place + kHeaderBytes;
  if (length <= kLarge) {
    const Bytes record = window_.at(place, static_cast<std::size_t>(length) + kFrameBytes);
    if (record.size() < length + kFrameBytes) return false;
    crc = crc32c(record.data() + kHeaderBytes, static_cast<std::size_t>(length));
    from += length;
  } else {
    for (std::uint64_t left = length; left;) {
      const Bytes bytes = window_.at(from, kPiece);
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left));
      if (!size) return false;
      crc = crc32c(bytes.data(), size, crc);
      from += size;
      left -= size;
    }
  }
  const Bytes tail = window_.at(from, kFooterBytes);
  const bool fits = tail.size() >= kFooterBytes && load_little<std::uint32_t>(tail.data()) == masked(crc);
  if (!fits) charge(length);
  return fits;
}

void Scanner::Reading::charge(std::uint64_t length) {
  scanner_.charged_bytes_ += length;
  if (scanner_.charged_bytes_ > kMaxCharge * limit() + kFreeCharge) scanner_.max_payload_ = kShort;
}

/// Whether a record seems to end at this place: the file ends there, or a good record begins, or one that is
/// still being written.
bool Scanner::Reading::is_boundary(std::uint64_t place) {
  Bytes payload;
  if (place == limit()) return true;
  if (limit() - place < kHeaderBytes) return false;
  const Frame frame = record_at(place, payload);
  return frame == Frame::whole || frame == Frame::truncated;
}

void Scanner::Reading::skip_to(std::uint64_t place, const char* reason) {
  scanner_.fingerprint_.record_skipped(file_, at, place - at);
  chunk_.mark(at, place - at, reason);
  at = place;
}

/// Adds a record's points to the chunk. False, and nothing done, if the record belongs to the next chunk.
bool Scanner::Reading::ingest(Bytes payload) {
  Event event;
  if (!parse_event(payload, event)) {
    chunk_.mark(at, payload.size() + kFrameBytes, "event");
    return true;
  }
  if (is_restart(event)) {
    if (chunk_.points) return false;
    chunk_.restart_step = std::min(event.step, chunk_.restart_step.value_or(event.step));
  }
  if (chunk_.records++ == 0) chunk_.first_wall_time = event.wall_time;
  switch (event.kind) {
    case kSummary: for_each_value(event, [&](Bytes value) { ingest_value(value, event, payload); }); break;
    case kGraphDef:
    case kTaggedRunMetadata:
    case kMetaGraphDef: ingest_field(event, payload); break;
    case kLogMessage: ingest_warning(event, payload); break;
    default: break;
  }
  return true;
}

void Scanner::Reading::ingest_value(Bytes bytes, const Event& event, Bytes payload) {
  Value value;
  const auto refuse = [&] { chunk_.mark(offset_of(bytes, payload), bytes.size(), "value"); };
  if (!parse_value(bytes, value)) return refuse();
  const int form = static_cast<int>(value.form);
  Tag* tag = scanner_.tags_.find(text_of(value.tag), form);
  if (!tag) {
    std::uint64_t data_class;
    if (!parse_data_class(value.metadata, data_class)) return refuse();
    tag = scanner_.tags_.add(text_of(value.tag), form, text_of(value.metadata), data_class);
  }
  bool is_scalar = value.form == kSimpleValue;
  double number = 0;
  if (value.form == kTensor &&
      (tag->data_class == kDataClassUnknown || tag->data_class == kDataClassScalar)) {
    const bool must_be_scalar = tag->data_class == kDataClassScalar;
    const TensorKind kind = parse_scalar_tensor(value.body, !must_be_scalar, number);
    is_scalar = kind == TensorKind::scalar;
    if (kind == TensorKind::malformed || (must_be_scalar && !is_scalar)) return refuse();
  }
  Series& series = scanner_.tags_.series_of(*tag, is_scalar, chunk_);
  if (is_scalar && value.form == kSimpleValue) series.add(event.step, event.wall_time, value.simple);
  else if (is_scalar) series.add(event.step, event.wall_time, number);
  else series.add(event.step, event.wall_time, offset_of(bytes, payload), bytes);
  ++chunk_.points;
}

void Scanner::Reading::ingest_field(const Event& event, Bytes payload) {
  const int form = -static_cast<int>(event.kind);
  Tag* tag = scanner_.tags_.find({}, form);
  if (!tag) tag = scanner_.tags_.add({}, form, {}, kDataClassUnknown);
  scanner_.tags_.series_of(*tag, false, chunk_)
      .add(event.step, event.wall_time, offset_of(event.body, payload), event.body);
  ++chunk_.points;
}

/// A writer that lost events says so in the file; readers see it as damage without bytes.
void Scanner::Reading::ingest_warning(const Event& event, Bytes payload) {
  std::string_view message;
  if (parse_warning(event, message))
    chunk_.mark(offset_of(event.body, payload), 0,
                "writer: " + std::string(message.substr(0, kLongestWarning)));
}

Chunk Scanner::scan(std::uint64_t max_bytes) {
  std::lock_guard lock(mutex_);
  Chunk chunk;
  if (is_known_ && at_end_ && !is_racy_ && status_of(path_) == status_) return chunk;
  const InputFile file(path_);
  const FileStatus status = file.status();
  const bool is_changed = !is_known_ || status != status_ || (at_end_ && is_racy_);
  if (is_known_ && is_changed) {
    if (is_another(file, status)) {
      reset_pending_ |= offset() > 0;
      reset();
    } else if (status.size <= status_.size) {
      search_.at = search_.at ? offset() + 1 : 0;
      search_.candidate = 0;
      search_.whole = true;
    } else {
      search_.whole = false;
    }
  }
  const std::uint64_t before = offset();
  tags_.begin_chunk(std::min(max_bytes, status.size - std::min(before, status.size)));
  Reading reading(*this, file, status.size, chunk);
  bool at_end = false;
  try {
    at_end = reading.read(std::max<std::uint64_t>(max_bytes, 1), is_changed);
  } catch (const std::system_error&) {
    if (reading.at == before) throw;  // else the next call meets it again
  }
  fingerprint_.record_read(file, reading.at);
  tags_.end_chunk(chunk, reading.at - before);
  status_ = status;
  is_known_ = true;
  is_racy_ = std::abs(now_ns() - status.modified_ns) < kRacyNs;
  at_end_ = at_end;
  search_ = reading.search;
  offset_ = reading.at;
  pending_ = at_end ? reading.limit() - reading.at : 0;
  chunk.at_end = at_end;
  chunk.reset = std::exchange(reset_pending_, false);
  return chunk;
}

/// Whether the file at our path is not the one that was read so far.
bool Scanner::is_another(const InputFile& file, const FileStatus& status) const {
  return status.device != status_.device || status.inode != status_.inode || status.size < offset() ||
         !fingerprint_.matches(file);
}

void Scanner::reset() {
  offset_ = pending_ = 0;
  is_known_ = at_end_ = false;
  charged_bytes_ = 0;
  max_payload_ = kMaxPayload;
  search_ = {};
  tags_ = {};
  fingerprint_ = {};
}

}  // namespace cupola
