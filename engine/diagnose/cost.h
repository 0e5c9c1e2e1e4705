// The cost of a match: the value of its rule's `costs` clause, and which parts of the ledger that clause speaks of.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "diagnose/claims.h"
#include "model/job_model.h"
#include "rules/match/match.h"

namespace advise::diagnose {

inline constexpr std::int64_t kMicros = 1000;  // in a ms; costs are in µs

// Parts of the ledger that an attribute is the time of: wall_tail, wall_tail_skew, wall_driver_planning; all of them
// for `wall` and `recoverable`, none for other names. Of Gap.account_time the row says it.
PartSet PartsOfAttribute(std::string_view name);

// All parts but user_idle: where time that a rule does not name further may lie.
PartSet ActiveParts();

// nullopt: the rule states no cost, a value of it is missing, or it names no time of the ledger.
std::optional<Cost> CostOf(const rules::RuleSet& rules, const rules::MatchResults& results, const rules::Match& match,
                           const model::JobModel& model);

}  // namespace advise::diagnose
