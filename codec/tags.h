#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "chunk.h"

namespace cupola {

/// What is remembered of a tag in one form.
struct Tag {
  std::shared_ptr<const SeriesName> name;
  std::uint64_t data_class = 0;
  Tag* next = nullptr;         ///< what followed it last time
  std::uint64_t chunk[2] = {}; ///< number of the chunk that `slot` belongs to, for blobs and for scalars
  std::size_t slot[2] = {};    ///< place in that chunk's series
};

/// The tags of a file. Training loops log the same tags in the same order, so the next one is mostly known before it is looked up.
class Tags {
 public:
  /// Null if the tag was never added in this form.
  Tag* find(std::string_view tag, int form);
  Tag* add(std::string_view tag, int form, std::string_view metadata, std::uint64_t data_class);

  /// Another chunk begins: no tag has series in it yet.
  void begin_chunk() { ++chunk_; }

  /// The tag's series in the current chunk.
  Series& series_of(Tag& tag, bool is_scalar, Chunk& chunk) {
    if (tag.chunk[is_scalar] != chunk_) add_series(tag, is_scalar, chunk);
    return chunk.series[tag.slot[is_scalar]];
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

  static bool is(const Tag& known, std::string_view tag, int form) { return known.name->form == form && known.name->tag == tag; }
  void add_series(Tag& tag, bool is_scalar, Chunk& chunk);

  std::deque<Tag> tags_;
  std::unordered_map<Key, Tag*, Hash> by_name_;
  Tag* last_ = nullptr;
  std::uint64_t chunk_ = 1;
};

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
