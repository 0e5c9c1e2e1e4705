// Words for entities of a run and places of rule files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ask/shown.h"
#include "model/job_model.h"
#include "rules/match/match.h"
#include "support/source.h"

namespace advise::ask {

// "stage 12 attempt 0", "plan node 3/7", "shuffle 4 from stage 10.0 to stage 12.0", "the application".
std::string EntityText(const model::JobModel& model, model::Entity entity, std::uint32_t row);
// By what the user knows it: "count at Etl.scala:7". Empty: by nothing.
std::string EntityLabel(const model::JobModel& model, model::Entity entity, std::uint32_t row);

// `rows`: one a slot of the rule.
VariableShown ShowVariable(const model::JobModel& model, const std::vector<rules::GroupRow>& groups,
                           const rules::Slot& slot, std::uint32_t row);
// Variables of patterns and `for` that have a row.
std::vector<VariableShown> ShowVariables(const model::JobModel& model, const std::vector<rules::GroupRow>& groups,
                                         const rules::BoundRule& rule, std::span<const std::uint32_t> rows);

Place PlaceOf(const rules::RuleSet& set, const SourceManager& sources, SourceSpan span);
// The source text on one line.
std::string TextOf(const SourceManager& sources, SourceSpan span);

// "spark.core.skewed_join(12.0,3/7)", as findings are named.
std::string HeadText(const rules::RuleSet& set, const model::JobModel& model,
                     const std::vector<rules::GroupRow>& groups, rules::RuleIndex rule,
                     const std::vector<std::uint32_t>& head);

}  // namespace advise::ask
