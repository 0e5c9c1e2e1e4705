// What a question is about, as it stands on the command line: "3", "skewed_join", "core.skewed_join(12, _)".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/job_model.h"
#include "rules/match/match.h"
#include "support/result.h"

namespace advise::ask {

struct Selector {
  std::optional<int> number;   // of a finding in the report
  std::string rule;            // else the name of a rule, as written
  std::optional<std::vector<std::string>> ids;  // its arguments, "_" for any; nullopt: all of them
};
// Errors: a bracket that is not closed, an empty name.
Result<Selector> ParseSelector(std::string_view text);

// By pack and name, by the end of the pack's name ("core.spill"), or by the bare name if only one pack has it. Errors
// say what was meant.
Result<rules::RuleIndex> FindRule(const rules::RuleSet& set, std::string_view name);

// One row an argument, or rules::kAnyRow; of a group always that. The ids of a rule about one thing are one, whatever
// commas its key has. Errors: too many ids, or one that the log has not.
Result<std::vector<std::uint32_t>> HeadOf(const rules::RuleSet& set, const model::JobModel& model,
                                          rules::RuleIndex rule, std::optional<std::vector<std::string>>& ids);

// Whether the head has these ids; groups by their keys.
bool Agrees(const rules::RuleSet& set, const std::vector<rules::GroupRow>& groups, rules::RuleIndex rule,
            const std::vector<std::uint32_t>& head, const std::vector<std::uint32_t>& wanted,
            const std::optional<std::vector<std::string>>& ids);

}  // namespace advise::ask
