// Rule files become a RuleSet: names → types and dimensions → groundedness → strata → texts. Nothing here needs a log.
// What is wrong goes to Diagnostics and costs its rule only, and those that read the rule (with a note).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "rules/bind/bound_rule.h"
#include "rules/syntax/parse.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::rules {

// A pack: the parsed files of one folder, or one file. Its name is that of the `pack` declaration, else
// `fallback_name`.
struct PackSource {
  std::string fallback_name;
  std::vector<std::unique_ptr<ast::File>> files;
  bool built_in = false;  // steps back for another pack of its name
};

// --set PARAM=VALUE; PARAM is `skew_ratio`, if only one pack has it, or `spark.core.skew_ratio`.
struct ParamSetting {
  std::string param;
  std::string value;
};

struct BindOptions {
  std::vector<ParamSetting> params;  // --set PARAM=VALUE
  bool tests = false;                // bind the tests too
  Limits limits;
};

// The program of the result is made too (plan/program.h).
RuleSet Bind(SourceManager& sources, std::vector<PackSource> packs, const BindOptions& options,
             Diagnostics& diagnostics);

// A text that belongs to a rule but stands elsewhere (explain-templates/): its holes see the rule's variables, lets,
// parameters and definitions. `what` names it in messages: "template". nullopt: reported.
std::optional<BoundText> BindRuleText(RuleSet& set, RuleIndex rule,
                                      const std::vector<syntax::TemplateSegment>& segments, std::string_view what,
                                      const SourceManager& sources, const Limits& limits, Diagnostics& diagnostics);

}  // namespace advise::rules
