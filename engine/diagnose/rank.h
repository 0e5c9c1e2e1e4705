// Severity of findings and their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "diagnose/finding.h"
#include "model/job_model.h"

namespace advise::diagnose {

// What the severity is measured against.
struct RankContext {
  std::optional<std::int64_t> app_duration;  // ms; of a cut log a lower bound
  std::int64_t user_idle = 0;                // ms of it in which nobody asked for anything
  bool app_failed = false;
};

RankContext ContextOf(const model::JobModel& model);

// From the share of the run that the finding is worth, in the application's time without user_idle: what its best remedy
// saves by simulation (impact.mid), until that is known what it costs at most (impact.high). info below 1 %, low from
// 1 %, medium 5 %, high 15 %, critical 50 %. A finding about reliability is at least low, for that something failed does not depend on
// what it cost; in a failed application it is critical. A symptom is measured like a cause.
// The rule's own `severity` clause is an upper bound, and the severity itself where the impact is unknown; without it
// that is info.
Severity DeriveSeverity(const Finding& finding, const RankContext& context);

// Sets severities and sorts: severity, then what failed before what is slow, then what a change is expected to save
// (descending), then causes before symptoms, then id.
std::vector<Finding> Rank(std::vector<Finding> findings, const RankContext& context);

// The same in place. Returns where each finding went: place i of the result is the new number of what was number i.
std::vector<std::size_t> RankAgain(std::vector<Finding>& findings, const RankContext& context);

}  // namespace advise::diagnose
