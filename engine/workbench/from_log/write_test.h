// `advise test --from LOG --finding F`: a finding of a real run becomes a small test, and its nearest miss another.
#pragma once

#include <string>

#include "model/job_model.h"
#include "rules/match/match.h"
#include "support/result.h"

namespace advise::workbench {

// A rule file: with a built-in rule it uses that pack, else its tests belong into the file of the rule. Both tests pass
// as they stand. Errors: what the finding rests on cannot be given by a test.
Result<std::string> WriteTests(const rules::RuleSet& set, const rules::MatchResults& results,
                               const model::JobModel& model, std::size_t match);

}  // namespace advise::workbench
