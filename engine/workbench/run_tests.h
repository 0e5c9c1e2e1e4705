// Runs the tests of packs: makes the job of each, evaluates all rules on it, and says what is not as expected and why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/job_model.h"
#include "rules/plan/rule_set.h"
#include "support/result.h"
#include "support/source.h"

namespace advise::workbench {

// An expectation that does not hold.
struct TestFailure {
  std::string file;
  std::uint32_t line = 0;
  std::string expected;  // as written: "skewed_join(s, j) confidence >= 90%"
  std::string found;     // "nothing", "confidence 80 %"
  std::string reason;    // may be empty
};
struct TestResult {
  std::string pack;
  std::string name;
  std::string file;
  std::uint32_t line = 0;
  std::vector<TestFailure> failures;  // none: passed
  std::size_t unchecked = 0;          // parts that state a saving: there is no cost model yet
};

// Reads the log that a test names. The path is relative to the folder of the rule file, or absolute.
using LoadLog = std::function<Result<model::JobModel>(const std::string& path)>;

// The tests of `set` for which `wanted` is true, in their order.
std::vector<TestResult> RunTests(const rules::RuleSet& set, const SourceManager& sources,
                                 const std::function<bool(const rules::BoundTest&)>& wanted, const LoadLog& load);

}  // namespace advise::workbench
