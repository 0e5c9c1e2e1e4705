// The pipeline from the rules to the report, with what it computes on the way.
#include "ask/examine.h"

namespace advise::ask {

Examined Examine(const RunLog& log, const Rulebook& book, SourceManager& sources, PhaseTimes& times) {
  Examined examined{Diagnose(log.model, book.rules, times), {}};
  Plan(log.model, examined.diagnosis, {}, times);
  Diagnostics remarks;
  examined.report = Assemble(log, book, examined.diagnosis, {}, sources, remarks, times);
  return examined;
}

}  // namespace advise::ask
