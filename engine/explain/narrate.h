// Templates + matches → explanations. Holes are expressions of the rule language in the scope of the template's rule:
// they are bound once, when the rules are compiled, and evaluated for each match.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "diagnose/finding.h"
#include "explain/narration.h"
#include "explain/template.h"
#include "recommend/recommendation.h"
#include "rules/match/match.h"
#include "support/limits.h"

namespace advise::explain {

// A template whose holes mean something.
struct BoundTemplate {
  Template text;
  std::map<std::string, rules::BoundText, std::less<>> holes;  // by the hole's text
};

// By the rule that they explain.
using Explanations = std::map<rules::RuleIndex, BoundTemplate>;

// Binds the holes of all templates whose rule is in the set. A hole that does not bind is reported and left out;
// sentences with it are then dropped. Templates of rules that are not in the set are not touched.
Explanations BindTemplates(const TemplateSet& templates, rules::RuleSet& rules, SourceManager& sources,
                           const Limits& limits, Diagnostics& diagnostics);

// One narration for each finding and recommendation that has a template, in their order.
std::vector<Narration> Narrate(const Explanations& explanations, const rules::MatchResults& results,
                               const rules::MatchReader& reader, const std::vector<diagnose::Finding>& findings,
                               const std::vector<recommend::Recommendation>& recommendations);

}  // namespace advise::explain
