// What of a run a finding rests on, as the givens of a test: the entities that its rule binds, what its conditions read
// of them, and the edges between them.
#pragma once

#include <cstdint>
#include <vector>

#include "model/job_model.h"
#include "rules/match/match.h"

namespace advise::workbench {

struct GivenFacts {
  rules::BoundTest test;            // no expectation yet
  std::vector<std::uint32_t> head;  // one an argument: a given; of a group its first member
};

// Of a match and of the matches that it starts from. Values are stored as the log has them; tasks are samples of their
// stages.
GivenFacts FactsOf(const rules::RuleSet& set, const rules::MatchResults& results, const model::JobModel& model,
                   std::size_t match);

}  // namespace advise::workbench
