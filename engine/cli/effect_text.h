// `advise whatif --effect TEXT`: the effect clause of the rule language as a change of one log.
#pragma once

#include <string>
#include <vector>

#include "advise.h"
#include "cli/tty.h"
#include "cost/changes.h"

namespace advise::cli {

// Effects of the rule language, compiled once for all logs:
//
//   scale app.stages.tasks.gc_time by 30%..60%
//   match (s:Stage) where s.id = 3 effect { scale s.tasks.duration by 50% }
//
// The second form binds every match of the pattern.
class EffectTexts {
 public:
  // nullopt: a text has an error (printed).
  static std::optional<EffectTexts> Compile(const std::vector<std::string>& texts, SourceManager& sources);
  // One change a text. A text that binds nothing in this log is refused ("no-match").
  [[nodiscard]] std::vector<cost::Change> Changes(const model::JobModel& model, const cost::Workload& workload) const;

 private:
  std::vector<std::string> texts_;
  std::vector<rules::RuleSet> sets_;
};

}  // namespace advise::cli
