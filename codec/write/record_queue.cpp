#include "write/record_queue.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

namespace cupola {
namespace {

constexpr std::size_t kBlockBytes = 256u << 10;

}  // namespace

bool RecordQueue::has_room(std::size_t size, Share share) const {
  if (share == Share::kScalars)
    return !pending_ || pending_ + size <= max_bytes_ || pending_ - others_ + size <= scalar_share();
  return !others_ || (others_ + size <= max_bytes_ - scalar_share() && pending_ + size <= max_bytes_);
}

bool RecordQueue::allocate(std::size_t size, Block& block) {
  block.capacity = std::max(kBlockBytes, size);
  block.data.reset(new (std::nothrow) std::uint8_t[block.capacity]);
  return block.data != nullptr;
}

std::uint8_t* RecordQueue::append(std::size_t size, Share share) {
  if (blocks_.empty() || blocks_.back().is_sealed || blocks_.back().capacity - blocks_.back().size < size) {
    Block block;
    if (spare_.data && size <= spare_.capacity) {
      block = std::exchange(spare_, Block());
    } else if (!allocate(size, block)) {
      return nullptr;
    }
    blocks_.push_back(std::move(block));
  }
  Block& block = blocks_.back();
  std::uint8_t* record = block.data.get() + block.size;
  block.size += size;
  pending_ += size;
  if (share == Share::kOthers) block.others += size, others_ += size;
  return record;
}

void RecordQueue::pop_front() {
  Block block = std::move(blocks_.front());
  blocks_.pop_front();
  pending_ -= block.size;
  others_ -= block.others;
  if (block.capacity == kBlockBytes) {
    spare_.data = std::move(block.data);
    spare_.capacity = block.capacity;
  }
}

std::deque<Block> RecordQueue::take_all(bool but_front) {
  std::deque<Block> taken;
  auto first = blocks_.begin() + (but_front && !blocks_.empty() ? 1 : 0);
  for (auto block = first; block != blocks_.end(); ++block) pending_ -= block->size, others_ -= block->others;
  std::move(first, blocks_.end(), std::back_inserter(taken));
  blocks_.erase(first, blocks_.end());
  return taken;
}

}  // namespace cupola
