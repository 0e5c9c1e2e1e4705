// `advise test`: which tests run, and where their logs come from.
#pragma once

#include <string>
#include <vector>

#include "advise.h"
#include "workbench/run_tests.h"

namespace advise::workbench {

// Which tests are asked for.
struct TestChoice {
  std::vector<std::string> packs;  // whose tests, and whose rules they are to look after
  LoadLog load;                    // of the logs that they name
  [[nodiscard]] bool Has(const std::string& pack) const;
};

// The packs that are named, else those that are not built in, else all. Logs are read with `options`. Fails if a name
// is no pack.
Result<TestChoice> ChooseTests(const rules::RuleSet& rules, const std::vector<std::string>& packs,
                               const ingest::IngestOptions& options);

// Runs them. The packs are compiled with RuleOptions::tests.
std::vector<TestResult> TestPacks(const rules::RuleSet& rules, const TestChoice& choice, const SourceManager& sources);

}  // namespace advise::workbench
