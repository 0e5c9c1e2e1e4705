// Rule files become BoundRules: names → types and dimensions → groundedness → strata → texts. Nothing here needs a log.
// What is wrong goes to Diagnostics and costs its rule only, and those that read the rule (with a note).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "rules/bind/bound_rule.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::rules {

// A pack: the parsed files of one folder, or one file. Its name is that of the `pack` declaration, else
// `fallback_name`.
struct PackSource {
  std::string fallback_name;
  std::vector<std::unique_ptr<ast::File>> files;
  std::string path;  // PackInfo has both
  bool built_in = false;
};

// The value of a parameter from outside; `param` is `skew_ratio`, if only one pack has it, or `spark.core.skew_ratio`.
struct ParamValue {
  std::string param;
  ast::ExprPtr value;
  std::string set_by = "--set";  // who says so, as messages and the report name it
};

struct BindOptions {
  std::vector<ParamValue> params;
  std::size_t wrong_settings = 0;  // values that did not parse
  bool tests = false;              // bind the tests too
  Limits limits;
};

BoundRules Bind(const SourceManager& sources, std::vector<PackSource> packs, const BindOptions& options,
                Diagnostics& diagnostics);

// Texts that belong to a rule but stand elsewhere (explain-templates/): their holes see the rule's variables, lets,
// parameters and definitions. `what` names them in messages: "template". A text that does not bind is reported and
// nullopt.
struct BoundTexts {
  std::vector<std::optional<BoundText>> texts;
  std::vector<Slot> slots;  // those of the rule, then those that the holes add
};
BoundTexts BindRuleTexts(const BoundRules& set, RuleIndex rule,
                         const std::vector<const std::vector<ast::TextSegment>*>& texts, std::string_view what,
                         const SourceManager& sources, const Limits& limits, Diagnostics& diagnostics);

}  // namespace advise::rules
