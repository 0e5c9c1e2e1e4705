// `advise query`: a pattern of the rule language over one run.
#pragma once

#include <optional>
#include <string>

#include "advise.h"
#include "rules/bind/bind_query.h"
#include "rules/match/run_query.h"

namespace advise::ask {

// The text becomes the source `<query>`, at which diagnostics point. nullopt: reported.
std::optional<rules::BoundQuery> CompileQuery(const Rulebook& book, std::string text, SourceManager& sources,
                                              Diagnostics& diagnostics);

// `diagnosis`: of the run, for findings that the query asks for. Errors: LimitExceeded.
Result<rules::QueryResult> AskQuery(const Rulebook& book, const Diagnosis& diagnosis, const rules::BoundQuery& query);

}  // namespace advise::ask
