#include "tags.h"

namespace cupola {

Tag* Tags::add(std::string_view tag, int form, std::string_view metadata, std::uint64_t data_class) {
  auto name = std::make_shared<const SeriesName>(SeriesName{std::string(tag), form, std::string(metadata)});
  Tag& added = tags_.emplace_back();
  added.name = std::move(name);
  added.data_class = data_class;
  by_name_.emplace(Key{added.name->tag, form}, &added);
  if (last_) last_->next = &added;
  return last_ = &added;
}

void Tags::add_series(Tag& tag, bool is_scalar, Chunk& chunk) {
  Series& series = chunk.series.emplace_back();
  series.name = tag.name;
  series.is_scalar = is_scalar;
  tag.chunk[is_scalar] = chunk_;
  tag.slot[is_scalar] = chunk.series.size() - 1;
}

}  // namespace cupola
