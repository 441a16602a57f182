#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

namespace cupola {

/// Whose room a record takes.
enum class Share { kScalars, kOthers };

/// Framed records one behind the other. `begin` is the first that is not written yet; once sealed, none is
/// added.
struct Block {
  std::unique_ptr<std::uint8_t[]> data;
  std::size_t begin = 0, size = 0, capacity = 0;
  std::size_t others = 0;      ///< bytes of records that are no scalars
  bool is_sealed = false;      ///< no record is added any more
  bool has_checksums = false;  ///< the records' CRCs are stored
};

/// The records that wait for storage, in order, and the bound on their bytes. Not safe from several threads.
///
/// A quarter of the bound is the scalars' own: what is large cannot take it. A record that is larger than the
/// bound has room once nothing of its share waits, so none is refused for its size.
class RecordQueue {
 public:
  explicit RecordQueue(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  bool has_room(std::size_t size, Share share) const;

  /// Where a record of `size` bytes is to be stored; null if there is no memory.
  std::uint8_t* append(std::size_t size, Share share);

  /// Takes the room of a record that is stored outside of the queue, and then handed to `push` or not at all.
  void reserve(std::size_t size) { pending_ += size, others_ += size; }
  void release(std::size_t size) { pending_ -= size, others_ -= size; }
  /// A block of one record whose room is reserved. False if there is no memory.
  static bool allocate(std::size_t size, Block& block);
  void push(Block block) { blocks_.push_back(std::move(block)); }

  bool is_empty() const { return blocks_.empty(); }
  bool has_full_block() const { return blocks_.size() > 1; }

  /// The oldest block, to which nothing is added any more; it stays where it is until `pop_front`.
  Block& seal_front() {
    blocks_.front().is_sealed = true;
    return blocks_.front();
  }
  void pop_front();

  /// Takes all blocks away; but for the oldest if `but_front`.
  std::deque<Block> take_all(bool but_front);

 private:
  std::size_t scalar_share() const { return max_bytes_ / 4; }

  const std::size_t max_bytes_;
  std::size_t pending_ = 0,
              others_ = 0;  // bytes of the blocks that are not wholly written; others: no scalars
  std::deque<Block> blocks_;
  Block spare_;
};

}  // namespace cupola
