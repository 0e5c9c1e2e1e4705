// Runs the tests of packs: makes the job of each, evaluates all rules on it, and says what is not as expected and why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/job_model.h"
#include "rules/match/match.h"
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

// How the rules are matched against the job of a test: with the parameters and the findings that it gives. `rows`: one a
// given (GivenModel::rows).
rules::MatchOptions OptionsOf(const rules::BoundTest& test, const std::vector<std::uint32_t>& rows);

struct GivenModel;  // given_model.h

// Tests with their jobs, each made when it is first asked for: to run them against several states of one rule set.
class TestBench {
 public:
  // All of these outlive it.
  TestBench(const rules::RuleSet& set, const SourceManager& sources, LoadLog load);
  ~TestBench();

  // Whether all that test number `test` of the set expects holds. A broken test, and one whose log cannot be read, does
  // not pass.
  bool Passes(std::size_t test);
  // Its job; null: there is none.
  const GivenModel* JobOf(std::size_t test);

 private:
  const rules::RuleSet& set_;
  const SourceManager& sources_;
  LoadLog load_;
  std::map<std::size_t, std::unique_ptr<GivenModel>> jobs_;
};

}  // namespace advise::workbench
