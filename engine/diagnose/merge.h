// Folds symptoms under the causes that explain them. Nothing is lost: a folded finding stays in the list and names what
// explains it; --flat shows it.
#pragma once

#include <vector>

#include "diagnose/finding.h"

namespace advise::diagnose {

// Sets `explained_by` from the `explains` of all findings, and drops ids from `explains` that are no finding. If two
// causes explain the same symptom, both keep it in `explains`; it is folded under the one with the larger confidence ×
// impact (then the smaller id). The order of the findings is kept.
std::vector<Finding> Merge(std::vector<Finding> findings);

}  // namespace advise::diagnose
