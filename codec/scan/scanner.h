#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "format/event.h"
#include "format/record.h"
#include "scan/chunk.h"
#include "scan/fingerprint.h"
#include "scan/input_file.h"
#include "scan/tags.h"

namespace cupola {

/// Reads one event file forward, from where it stopped last. It opens the file by its path each time and
/// keeps nothing of it but its place, its tags and a few CRCs by which it notices that the file is another
/// one now.
class Scanner {
 public:
  explicit Scanner(std::string path) : path_(std::move(path)) {}

  /// What is new, up to about `max_bytes`. Throws std::system_error, and then goes on from the same place the
  /// next time.
  Chunk scan(std::uint64_t max_bytes);

  std::uint64_t offset() const { return offset_.load(std::memory_order_relaxed); }
  std::uint64_t pending() const { return pending_.load(std::memory_order_relaxed); }
  const std::string& path() const { return path_; }

 private:
  /// The search for the next good record where none stands at `offset_`.
  struct Search {
    std::uint64_t at = 0;         ///< where to look next; 0 if there is no search
    std::uint64_t candidate = 0;  ///< first place whose head fits but whose payload is not there yet
    bool whole = true;  ///< everything since `offset_` was looked at in the present state of the file
    bool torn = false;  ///< a good head stands at `offset_`: only a record with an event in it tells that its
                        ///< payload never comes
    const char* reason = nullptr;
  };
  class Reading;

  bool is_another(const InputFile& file, const FileStatus& status) const;
  void reset();

  std::mutex mutex_;
  const std::string path_;
  std::atomic<std::uint64_t> offset_ = 0, pending_ = 0;
  FileStatus status_;      // as it was when last read
  bool is_known_ = false;  // whether `status_` is set
  bool is_racy_ = false;   // the file may change once more without its status showing it
  bool at_end_ = false;
  bool reset_pending_ = false;       // the next chunk says that the file was read anew
  std::uint64_t charged_bytes_ = 0;  // of payloads that were read and did not fit their CRC
  std::uint64_t max_payload_ =
      kMaxPayload;  // longer payloads are not read any more: too many were read in vain
  Search search_;
  Tags tags_;
  Fingerprint fingerprint_;
};

}  // namespace cupola
