// One numbered list of names a kind; a name keeps the first pseudonym that it got.
#include "anonymise/pseudonyms.h"

namespace advise::anonymise {
namespace {

constexpr std::array<std::string_view, 14> kKindWords = {"application", "app",    "user",     "host",  "path",
                                                         "table",       "column", "label",    "group", "tag",
                                                         "pool",        "file",   "executor", "name"};

}  // namespace

std::string Pseudonyms::For(NameKind kind, std::string_view name) {
  Names& names = names_[static_cast<std::size_t>(kind)];
  const auto it = names.find(name);
  if (it != names.end()) return it->second;
  std::string pseudonym =
      std::string(kKindWords[static_cast<std::size_t>(kind)]) + "-" + std::to_string(names.size() + 1);
  names.emplace(name, pseudonym);
  return pseudonym;
}

std::optional<std::string> Pseudonyms::Find(std::string_view name) const {
  for (const Names& names : names_) {
    if (const auto it = names.find(name); it != names.end()) return it->second;
  }
  return std::nullopt;
}

}  // namespace advise::anonymise
