#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "chunk.h"
#include "cursor.h"

namespace cupola {

/// What is remembered of a tag in one form.
struct Tag {
  std::shared_ptr<const SeriesName> name;
  std::string_view text;  ///< `name->tag`
  int form = 0;
  std::uint64_t data_class = 0;
  Tag* next = nullptr;  ///< what followed it last time
  std::string plain;    ///< `plain_scalar_prefix`, for simple values

  /// Its series in the last chunk that it had one in: one for blobs and one for scalars.
  struct {
    std::uint64_t chunk = 0;  ///< that chunk's number
    std::size_t slot = 0;     ///< place in that chunk's series
    double density = 0;       ///< points per byte of the file there
  } last[2];
};

/// The tags of a file. Training loops log the same tags in the same order, so the next one is mostly known before it is looked up.
class Tags {
 public:
  /// The tag that is to be expected now, if these bytes are a scalar of it as most writers put it: up to the number, `kNumber` bytes.
  Tag* guess(Bytes scalar);
  static constexpr std::size_t kNumber = 4;

  /// Null if the tag was never added in this form.
  Tag* find(std::string_view tag, int form);
  Tag* add(std::string_view tag, int form, std::string_view metadata, std::uint64_t data_class);

  /// Another chunk begins, of up to so many bytes: no tag has series in it yet.
  void begin_chunk(std::uint64_t max_bytes);

  /// The chunk is complete, and came from so many bytes.
  void end_chunk(const Chunk& chunk, std::uint64_t bytes);

  /// The tag's series in the current chunk.
  Series& series_of(Tag& tag, bool is_scalar, Chunk& chunk) {
    if (tag.last[is_scalar].chunk != chunk_) add_series(tag, is_scalar, chunk);
    return chunk.series[tag.last[is_scalar].slot];
  }

 private:
  struct Key {
    std::string_view tag;
    int form;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string_view>()(key.tag) + static_cast<std::size_t>(key.form) * 0x9e3779b97f4a7c15u;
    }
  };

  static bool is(const Tag& known, std::string_view tag, int form) { return known.form == form && known.text == tag; }
  void add_series(Tag& tag, bool is_scalar, Chunk& chunk);

  std::deque<Tag> tags_;
  std::unordered_map<Key, Tag*, Hash> by_name_;
  std::vector<Tag*> in_chunk_;  // whose series are the chunk's, one by one
  Tag* last_ = nullptr;
  std::uint64_t chunk_ = 0, max_bytes_ = 0;
};

inline Tag* Tags::guess(Bytes scalar) {
  Tag* expected = last_ ? last_->next : nullptr;
  if (!expected || expected->plain.size() + kNumber != scalar.size()) return nullptr;
  if (expected->plain.empty() || !same_bytes(expected->plain.data(), scalar.data(), expected->plain.size())) return nullptr;
  return last_ = expected;
}

inline Tag* Tags::find(std::string_view tag, int form) {
  Tag* found = last_ ? last_->next : nullptr;
  if (!found || !is(*found, tag, form)) {
    const auto entry = by_name_.find({tag, form});
    if (entry == by_name_.end()) return nullptr;
    found = entry->second;
    if (last_) last_->next = found;
  }
  return last_ = found;
}

}  // namespace cupola
