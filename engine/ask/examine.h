// One run looked at as `advise analyze` looks at it, kept so that questions can be asked about it.
#pragma once

#include "ask/why.h"

namespace advise::ask {

struct Examined {
  Diagnosis diagnosis;    // with its plan
  report::Report report;  // of the same diagnosis
};

// Rules, plan and report of the log; numbers of findings are those of `advise analyze`. Remarks about templates are
// left out: the report's own command tells them. Log, rulebook and sources outlive the result, and it serves one
// question at a time: they go on with the evaluation of the matches.
Examined Examine(const RunLog& log, const Rulebook& book, SourceManager& sources, PhaseTimes& times);

}  // namespace advise::ask
