// Advices that matched become recommendations: what to change, from which value to which, in which scope, and whether
// this Spark version takes it. What each would save, and which of them go together, is the plan's (plan/).
#pragma once

#include <vector>

#include "diagnose/diagnose.h"
#include "model/job_model.h"
#include "recommend/recommendation.h"
#include "rules/match/match.h"

namespace advise::recommend {

// In the order of the findings (ranked), then effort, risk and id. Advices for findings that are not in the list are
// left out. Recommendations of one rule with the same changes are one, for several findings. Not chosen, with a reason,
// is what Spark's version does not know, what the log has already, and a second value for a setting that another one
// sets.
std::vector<Recommendation> Propose(const rules::RuleSet& rules, const diagnose::Diagnosis& diagnosis,
                                    const model::JobModel& model);

// The part of Propose that needs no rule: from-values and scopes of `conf` changes, legality, and what is chosen.
// `drafts` are in order; their conf changes have key, to and perhaps scope. A setting that a session had set is changed
// in a session.
std::vector<Recommendation> Settle(std::vector<Recommendation> drafts, const model::JobModel& model);

}  // namespace advise::recommend
