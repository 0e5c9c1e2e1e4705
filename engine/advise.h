// THE MAP. Read this first, pipeline.cpp second. The program is a chain of functions from plain data to plain data:
//
//   path ──FindLogs──▶ LogInput ──ReadLog──▶ RunLog { JobModel, LogInfo }           log leg: ingest/, model/
//   rule files ──CompileRules──▶ RuleSet                                            rule leg: rules/
//   RunLog + RuleSet ──AnalyzeLog──▶ Report ──writers──▶ text, JSON                 findings/, recommend/, explain/,
//   report/
//
// The log leg never sees a rule, the rule leg never sees a row: they meet in rules/match/ over the catalogue of
// attributes (metrics/). engine/ARCHITECTURE.md has the drawing, the layers, and where to add what.
//
// Words: a Diagnostic is about the user's input to advise, a Finding is about the Spark job.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/ingest.h"
#include "ingest/log_source.h"
#include "ingest/selection.h"
#include "model/job_model.h"
#include "model/log_info.h"
#include "report/report.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/phase_timer.h"
#include "support/result.h"
#include "support/source.h"
#include "workbench/found.h"
#include "workbench/mutations.h"
#include "workbench/run_tests.h"
#include "workbench/score.h"

namespace advise {

// How logs are read.
struct ReadOptions {
  Limits limits;
  ingest::Detail detail = ingest::Detail::Rules;               // Rest: for `advise model`
  unsigned threads = 0;                                        // 0: by the machine; the result does not depend on it
  ingest::Selection selection;                                 // --sql, --job: that query or job alone
  const std::atomic<bool>* stop = nullptr;                     // set by Ctrl-C: what was read is used
  std::function<void(std::uint64_t, std::uint64_t)> progress;  // (bytes read, bytes in all; 0: unknown)
};

// One application attempt, read and derived.
struct RunLog {
  model::JobModel model;
  model::LogInfo info;
};

// Reads one log. Errors: what ingest::Ingest reports.
Result<RunLog> ReadLog(const ingest::LogInput& input, const ReadOptions& options, PhaseTimes& times);

// Which rules are used, and how.
struct RuleOptions {
  std::vector<std::string> paths;                               // --rules FILE|DIR, in order
  bool default_packs = true;                                    // --no-default-rules
  std::vector<std::pair<std::string, std::string>> parameters;  // --set PARAM=VALUE
  bool tests = false;                                           // read the packs' tests and all templates too
  Limits limits;
};

// A pack as `advise --version` shows it.
struct RulePackInfo {
  std::string name;
  std::string version;  // "v0.1.0"; empty: none stated
  std::size_t rules = 0;
};

// Compiled rules; may serve many logs, from one thread. Templates are read when a rule of theirs first matches, so the
// SourceManager that compiled the rules must outlive them.
class Rules {
 public:
  ~Rules();
  Rules(Rules&&) noexcept;
  Rules& operator=(Rules&&) noexcept;
  // How many rules can be evaluated.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::vector<RulePackInfo> packs() const;

  struct Impl;
  explicit Rules(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

// Compiles the built-in packs and those named. A bad rule costs itself: it is reported and left out. Fails only when a
// named file cannot be read or yields no rule at all.
Result<Rules> CompileRules(const RuleOptions& options, SourceManager& sources, Diagnostics& diagnostics,
                           PhaseTimes& times);

// How the report is made.
struct ReportOptions {
  explain::Level level = explain::Level::Practitioner;
  int top = 3;        // findings shown; the others are counted
  bool flat = false;  // symptoms are not folded under their causes
};

// What overrides and suppressions did over the logs of a run.
struct RuleUse {
  std::size_t logs = 0;
  std::vector<std::size_t> hidden;           // findings, one number a suppression
  std::vector<bool> lapsed;                  // in some log, one a suppression
  std::vector<bool> given_up;                // in some log, because it took too much work; one a suppression
  std::vector<std::uint32_t> enabled_again;  // rules whose `disable … until` has lapsed, ascending
};
// Suppressions that hid nothing in any log, and what has lapsed: a note each; and what was wrong with templates.
void ReportRuleUse(const Rules& rules, const RuleUse& use, Diagnostics& diagnostics);

// Findings, recommendations and explanations of one log. `use`, if given, is added to.
report::Report AnalyzeLog(const RunLog& log, const Rules& rules, const ReportOptions& options, PhaseTimes& times,
                          RuleUse* use = nullptr);

// What the rules find in one log, as labels are held against it (workbench/score.h); with `reasons` also why the others
// found nothing.
workbench::FoundInLog FindInLog(const RunLog& log, const Rules& rules, bool reasons, PhaseTimes& times);

// What the rules make of a fault that is put into the events of a log, one point a level of the fault's dial; none if
// the run has no place for the fault. Errors: what reading the log reports.
Result<std::vector<workbench::CurvePoint>> DetectionCurve(const std::string& path, const Rules& rules,
                                                          const workbench::Mutation& mutation,
                                                          const ReadOptions& options, PhaseTimes& times);

// Runs the tests of packs (compiled with RuleOptions::tests): of those named, else of the rule files given, else of the
// built-in packs. Logs that tests name are read with `options`. Fails if a name is no pack.
Result<std::vector<workbench::TestResult>> TestRules(const Rules& rules, const std::vector<std::string>& packs,
                                                     const RuleOptions& given, const SourceManager& sources,
                                                     const ReadOptions& options);

}  // namespace advise
