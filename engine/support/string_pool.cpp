// Each text of a log once; ids in the order in which texts were first met.
#include "support/string_pool.h"

namespace advise {

StringId StringPool::Intern(std::string_view text) {
  const auto found = ids_.find(text);
  if (found != ids_.end()) return found->second;
  const auto id = static_cast<StringId>(texts_.size());
  texts_.emplace_back(text);
  ids_.emplace(texts_.back(), id);
  return id;
}

StringId StringPool::Find(std::string_view text) const {
  const auto found = ids_.find(text);
  return found == ids_.end() ? StringId::None : found->second;
}

std::string_view StringPool::Get(StringId id) const {
  if (id == StringId::None) return {};
  return texts_[static_cast<std::size_t>(id)];
}

}  // namespace advise
