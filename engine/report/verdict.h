// The paragraph that comes first: what dominates and what to do first; what the log leaves unknown; why the run failed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/facts.h"
#include "report/failure.h"
#include "report/report.h"
#include "report/run_shape.h"

namespace advise::report {

// The report so far (findings numbered, actions made) and what else the sentences need.
struct VerdictInput {
  const Report& report;
  std::optional<Failure> failure;
  std::optional<double> utilisation;       // busy slot time / slot time of the executors
  std::optional<std::int64_t> startup_ms;  // until the first task
  std::optional<double> completeness;      // share of the announced tasks that the log holds
  std::size_t rules_evaluated = 0;
  RunShape shape;
  FailedJobs failed_jobs;  // of a run that did not fail
  std::optional<LongestSql> longest_sql;
};

// Wall time that the findings above info hold in the ledger, no part of it twice; 0 without a ledger.
std::int64_t CoveredTime(const Report& report);

// Paragraphs, most important first: the failure, the cut, then the findings or their absence.
std::vector<std::string> MakeVerdict(const VerdictInput& input);

}  // namespace advise::report
