// `advise test`: which tests run, and where their logs come from.
#pragma once

#include <string>
#include <vector>

#include "advise.h"
#include "workbench/run_tests.h"

namespace advise::workbench {

// Runs the tests of packs (compiled with RuleOptions::tests): of those named, else of those that are not built in, else
// of all. Logs that tests name are read with `options`. Fails if a name is no pack.
Result<std::vector<TestResult>> TestPacks(const rules::RuleSet& rules, const std::vector<std::string>& packs,
                                          const SourceManager& sources, const ingest::IngestOptions& options);

}  // namespace advise::workbench
