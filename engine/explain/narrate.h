// Templates + matches → explanations: the holes of each sentence are evaluated for the match that it is told of.
#pragma once

#include <vector>

#include "diagnose/finding.h"
#include "explain/library.h"
#include "explain/narration.h"
#include "recommend/recommendation.h"
#include "rules/match/match.h"

namespace advise::explain {

// One narration for each finding and recommendation that has a template in one of the libraries, in their order.
std::vector<Narration> Narrate(const std::vector<const TemplateLibrary*>& libraries, const rules::MatchResults& results,
                               const rules::MatchReader& reader, const std::vector<diagnose::Finding>& findings,
                               const std::vector<recommend::Recommendation>& recommendations);

}  // namespace advise::explain
