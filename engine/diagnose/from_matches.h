// Matches of symptoms and causes become findings: subject, texts, evidence, and the time of the subject on the critical
// path. Merge and Rank come after.
#pragma once

#include <string>
#include <vector>

#include "diagnose/coverage.h"
#include "diagnose/finding.h"
#include "diagnose/in_force.h"
#include "model/job_model.h"
#include "rules/match/match.h"

namespace advise::diagnose {

// One finding for each match of a symptom or cause that is not suppressed, in the order of the matches.
std::vector<Finding> FromMatches(const rules::RuleSet& rules, const rules::MatchResults& results,
                                 const model::JobModel& model);

// Which rules looked at the run.
// With a model it tells rules that could not be decided for some subjects alone from those that could not at all.
Coverage CoverageOf(const rules::RuleSet& rules, const rules::MatchResults& results,
                    const model::JobModel* model = nullptr);

// What was changed about the rules, and which of them are not there.
InForce InForceOf(const rules::RuleSet& rules, const rules::MatchResults& results);

// The id of a match: "spark.core.skewed_join(12.0,3/7)".
std::string FindingId(const rules::RuleSet& rules, const model::JobModel& model, const rules::MatchResults& results,
                      const rules::Match& match);

}  // namespace advise::diagnose
