// What rule files declare, by pack: found before any body is bound, so that order never matters.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "rules/bind/bound_rule.h"
#include "support/diagnostics.h"

namespace advise::rules {

struct RuleSymbol {
  const ast::Rule* rule = nullptr;
  std::size_t pack = 0;
  std::optional<RuleIndex> bound;  // once it is bound without errors
  bool left_out = false;           // has errors, or needs a rule that has
};
// Definitions may use definitions; a chain longer than this is a cycle, which is reported when it is bound.
inline constexpr int kMaxDefDepth = 32;

struct DefSymbol {
  const ast::Def* def = nullptr;
  std::size_t pack = 0;
  bool too_large = false;  // once it is filled in
};
struct PackSymbols {
  std::string name;
  std::map<std::string, std::uint32_t, std::less<>> params;  // index in BoundRules::params
  std::map<std::string, std::size_t, std::less<>> defs;      // index in Symbols::defs
  std::map<std::string, std::size_t, std::less<>> rules;     // index in Symbols::rules
  std::map<std::string, std::size_t, std::less<>> uses;      // alias or name -> pack
  std::vector<std::string> broken;                           // names of items that did not parse
};

struct Symbols {
  std::vector<PackSymbols> packs;
  std::vector<DefSymbol> defs;
  std::vector<RuleSymbol> rules;
  // Names that stand in holes of a rule's templates; only if `collect_names` says so, before they are bound.
  std::map<RuleIndex, std::set<std::string, std::less<>>> named_by_templates;
  bool collect_names = false;

  // Splits "core.spill" into pack and name as seen from `pack`. nullopt: no such pack.
  struct Qualified {
    std::size_t pack = 0;
    std::string_view name;
  };
  [[nodiscard]] std::optional<Qualified> Split(std::size_t pack, std::string_view name) const;
  // A rule by the name that stands in a file of `pack`: its own rules first, then those of packs it uses, if only one
  // has it. nullopt: none.
  [[nodiscard]] std::optional<std::size_t> FindRule(std::size_t pack, std::string_view name) const;
  // Whether the name belongs to an item that did not parse, so that its uses need no second message.
  [[nodiscard]] bool IsBroken(std::size_t pack, std::string_view name) const;
  // The rule names that may be written in a file of `pack`, for did-you-mean.
  [[nodiscard]] std::vector<std::string> RuleNames(std::size_t pack) const;
};

}  // namespace advise::rules
