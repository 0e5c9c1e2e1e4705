// The effect clause of the rule language as a change of one run: what `advise whatif --effect TEXT` takes.
#pragma once

#include <string>
#include <vector>

#include "advise.h"
#include "cost/changes.h"

namespace advise::ask {

// Effects of the rule language, compiled once for all logs:
//
//   scale app.stages.tasks.gc_time by 30%..60%
//   match (s:Stage) where s.id = 3 effect { scale s.tasks.duration by 50% }
//
// The second form binds every match of the pattern.
class EffectTexts {
 public:
  // Errors: the code of its first diagnostic for a text that does not compile; the diagnostics are reported.
  static Result<EffectTexts> Compile(const std::vector<std::string>& texts, SourceManager& sources,
                                     Diagnostics& diagnostics);
  // One change a text. A text that binds nothing in this log is refused ("no-match").
  [[nodiscard]] std::vector<cost::Change> Changes(const model::JobModel& model, const cost::Workload& workload) const;

 private:
  std::vector<std::string> texts_;
  std::vector<rules::RuleSet> sets_;
};

}  // namespace advise::ask
