#include "scan/tags.h"

#include <algorithm>

#include "format/encode.h"
#include "format/event.h"

namespace cupola {

Tag* Tags::add(std::string_view tag, int form, std::string_view metadata, std::uint64_t data_class) {
  auto name = std::make_shared<const SeriesName>(SeriesName{std::string(tag), form, std::string(metadata)});
  Tag& added = tags_.emplace_back();
  added.text = name->tag;
  added.name = std::move(name);
  added.form = form;
  added.data_class = data_class;
  if (form == static_cast<int>(kSimpleValue)) added.plain_prefix = plain_scalar_prefix(tag);
  by_name_.emplace(Key{added.text, form}, &added);
  if (last_) last_->next = &added;
  return last_ = &added;
}

void Tags::begin_chunk(std::uint64_t max_bytes) {
  ++chunk_;
  max_bytes_ = max_bytes;
  chunk_tags_.clear();
}

void Tags::end_chunk(Chunk& chunk, std::uint64_t bytes) {
  if (bytes == 0) return;
  for (std::size_t i = 0; i < chunk_tags_.size(); ++i) {
    Series& series = chunk.series[i];
    series.trim();
    chunk_tags_[i]->last[series.is_scalar()].density =
        static_cast<double>(series.size()) / static_cast<double>(bytes);
  }
}

void Tags::add_series(Tag& tag, bool is_scalar, Chunk& chunk) {
  // As many points as there were of late, and a few more: memory that need not grow need not be copied.
  auto& last = tag.last[is_scalar];
  const auto expected =
      static_cast<std::size_t>(std::min(last.density * 1.02, 0.1) * static_cast<double>(max_bytes_));
  chunk.series.emplace_back(tag.name, is_scalar, expected);
  chunk_tags_.push_back(&tag);
  last.chunk = chunk_;
  last.slot = chunk.series.size() - 1;
}

}  // namespace cupola
