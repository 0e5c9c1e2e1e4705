// Declares the rules, functions and parameters of all packs and reports names that are declared twice.
#include "rules/bind/symbols.h"

#include <algorithm>

namespace advise::rules {

std::optional<Symbols::Qualified> Symbols::Split(std::size_t pack, std::string_view name) const {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return Qualified{pack, name};
  const std::string_view prefix = name.substr(0, dot);
  const std::string_view rest = name.substr(dot + 1);
  if (prefix == packs[pack].name) return Qualified{pack, rest};
  const auto use = packs[pack].uses.find(prefix);
  if (use != packs[pack].uses.end()) return Qualified{use->second, rest};
  return std::nullopt;
}

std::optional<std::size_t> Symbols::FindRule(std::size_t pack, std::string_view name) const {
  const auto qualified = Split(pack, name);
  if (!qualified) return std::nullopt;
  const auto own = packs[qualified->pack].rules.find(qualified->name);
  if (own != packs[qualified->pack].rules.end()) return own->second;
  if (qualified->name.size() != name.size()) return std::nullopt;
  std::optional<std::size_t> found;
  for (const auto& [alias, used] : packs[pack].uses) {
    const auto rule = packs[used].rules.find(name);
    if (rule == packs[used].rules.end()) continue;
    if (found && *found != rule->second) return std::nullopt;
    found = rule->second;
  }
  return found;
}

bool Symbols::IsBroken(std::size_t pack, std::string_view name) const {
  const auto qualified = Split(pack, name);
  if (!qualified) return false;
  return std::ranges::find(packs[qualified->pack].broken, qualified->name) != packs[qualified->pack].broken.end();
}

std::vector<std::string> Symbols::RuleNames(std::size_t pack) const {
  std::vector<std::string> names;
  for (const auto& [name, index] : packs[pack].rules) names.push_back(name);
  for (const auto& [alias, used] : packs[pack].uses) {
    for (const auto& [name, index] : packs[used].rules) names.push_back(alias + "." + name);
  }
  return names;
}

}  // namespace advise::rules
