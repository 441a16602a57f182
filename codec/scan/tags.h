#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "format/wire.h"
#include "scan/chunk.h"

namespace cupola {

/// As memcmp says; short texts, which tags are, do without the call.
inline bool same_bytes(const void* left, const void* right, std::size_t size) {
  const auto a = static_cast<const char*>(left), b = static_cast<const char*>(right);
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i)
      if (a[i] != b[i]) return false;
    return true;
  }
  const auto word = [](const char* at) {
    std::uint64_t bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  };
  for (std::size_t i = 0; i + 8 < size; i += 8)
    if (word(a + i) != word(b + i)) return false;
  return word(a + size - 8) == word(b + size - 8);
}

/// What is remembered of a tag in one form.
struct Tag {
  std::shared_ptr<const SeriesName> name;
  std::string_view text;  ///< `name->tag`
  int form = 0;
  std::uint64_t data_class = 0;
  Tag* next = nullptr;       ///< what followed it last time
  std::string plain_prefix;  ///< `plain_scalar_prefix`, for simple values

  /// Its series in the last chunk that it had one in: one for blobs and one for scalars.
  struct {
    std::uint64_t chunk = 0;  ///< that chunk's number
    std::size_t slot = 0;     ///< place in that chunk's series
    double density = 0;       ///< points per byte of the file there
  } last[2];
};

/// The tags of a file. Training loops log the same tags in the same order, so the next one is mostly known
/// before it is looked up.
class Tags {
 public:
  /// The tag that is to be expected now, if these bytes are a scalar of it as most writers put it: up to the
  /// number, `kNumberBytes` bytes.
  Tag* predict(Bytes scalar);
  static constexpr std::size_t kNumberBytes = 4;

  /// Null if the tag was never added in this form.
  Tag* find(std::string_view tag, int form);
  Tag* add(std::string_view tag, int form, std::string_view metadata, std::uint64_t data_class);

  /// Another chunk begins, of up to so many bytes: no tag has series in it yet.
  void begin_chunk(std::uint64_t max_bytes);

  /// The chunk is complete, and came from so many bytes: its series take no more memory than they need.
  void end_chunk(Chunk& chunk, std::uint64_t bytes);

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
      return std::hash<std::string_view>()(key.tag) +
             static_cast<std::size_t>(key.form) * 0x9e3779b97f4a7c15u;
    }
  };

  static bool is(const Tag& known, std::string_view tag, int form) {
    return known.form == form && known.text == tag;
  }
  void add_series(Tag& tag, bool is_scalar, Chunk& chunk);

  std::deque<Tag> tags_;
  std::unordered_map<Key, Tag*, Hash> by_name_;
  std::vector<Tag*> chunk_tags_;  // whose series are the chunk's, one by one
  Tag* last_ = nullptr;
  std::uint64_t chunk_ = 0, max_bytes_ = 0;
};

inline Tag* Tags::predict(Bytes scalar) {
  Tag* expected = last_ ? last_->next : nullptr;
  if (!expected || expected->plain_prefix.size() + kNumberBytes != scalar.size()) return nullptr;
  if (expected->plain_prefix.empty() ||
      !same_bytes(expected->plain_prefix.data(), scalar.data(), expected->plain_prefix.size()))
    return nullptr;
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
