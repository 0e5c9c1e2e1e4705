// What the rules find in a log, as labels are held against it: the same diagnosis as the report's.
#pragma once

#include <string>
#include <vector>

#include "advise.h"
#include "workbench/found.h"
#include "workbench/mutations.h"
#include "workbench/score.h"

namespace advise::workbench {

// What a diagnosis says, in the terms of labels; with `reasons` also why the other rules found nothing.
FoundInLog DescribeDiagnosis(const model::JobModel& model, const rules::RuleSet& rules, const Diagnosis& diagnosis,
                             bool reasons);

// With `reasons` also why the other rules found nothing.
FoundInLog FindInLog(const model::JobModel& model, const rules::RuleSet& rules, bool reasons, PhaseTimes& times);

// What the rules make of a fault that is put into the events of a log, one point a level of the fault's dial; none if
// the run has no place for the fault. Errors: what reading the log reports.
Result<std::vector<CurvePoint>> DetectionCurve(const std::string& path, const rules::RuleSet& rules,
                                               const Mutation& mutation, const ingest::IngestOptions& options,
                                               PhaseTimes& times);

}  // namespace advise::workbench
