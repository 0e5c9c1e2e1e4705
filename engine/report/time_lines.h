// Where the wall time went, out of the model's ledger (model/ledger.h): the object of the JSON and what the page says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explain/narration.h"
#include "model/job_model.h"
#include "report/report.h"

namespace advise::report {

// Whole milliseconds that add up: the accounts to the duration, the stages of an account to no more than it. nullopt:
// the model has no ledger.
std::optional<LedgerInfo> ReadLedger(const model::JobModel& model);

// What the page says at a level: a line of shares (practitioner), a sentence (novice), a table (expert). Shares are
// taken of the time in which somebody wanted something of the application. Empty without a ledger, or if there was no
// such time.
TimeTexts SayTime(const model::JobModel& model, explain::Level level);

}  // namespace advise::report
