// What the findings account for in the ledger, and what no finding explains: the claims of the JSON and a sentence.
#pragma once

#include <string>
#include <vector>

#include "diagnose/claims.h"
#include "model/job_model.h"
#include "report/report.h"

namespace advise::report {

// Adds to the ledger what the findings claim of its accounts, and what is left of them. Claims are rounded down to ms.
void AddClaims(LedgerInfo& info, const model::JobModel& model, const std::vector<ShownFinding>& findings,
               const std::vector<diagnose::Unexplained>& unexplained);

// "the findings account for 39 of the 48 % that is not work; unexplained: tails of stages 12, 31 (9 %)". Empty: less
// than 5 % of the run is something else than work.
std::string SayExplained(const LedgerInfo& info);

// "tails of stages 12 and 31 (9 %)", "driver (6 %)".
std::string SayUnexplained(const UnexplainedTime& time);

}  // namespace advise::report
