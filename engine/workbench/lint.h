// The quality of rules, measured on benchmark logs: how often each speaks and about what, what keeps it silent, which
// thresholds decide by a hair, who says the same as whom, what renders badly, and what labels say. Facts are collected
// log by log (LintStudy), problems follow from them (FindProblems), writers print both (lint_output.h). Plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "advise.h"
#include "rules/match/survey.h"
#include "workbench/labels.h"
#include "workbench/score.h"

namespace advise::workbench {

// Where something stands in a rule file.
struct RulePlace {
  std::string file;
  std::uint32_t line = 0;
};

// One condition of a rule over all logs: see rules::ConditionUse.
struct LintCondition {
  std::string text;
  RulePlace place;
  std::uint64_t reached = 0;
  std::uint64_t passed = 0;
  std::uint64_t unknown = 0;
  std::uint64_t alone = 0;
};

// A comparison that a tenth would decide otherwise: see rules::TermUse.
struct LintEdge {
  std::string text;
  RulePlace place;
  std::string params;      // those in it: "`skew_ratio`"; empty: numbers of the rule
  std::uint64_t lost = 0;  // findings
  std::uint64_t gained = 0;
};

// An input that logs lack.
struct LintMissing {
  std::size_t logs = 0;
  std::string why;  // of the first of these logs
};

// A place where a value is printed: a hole of a text of the rule, or of its template.
struct LintHole {
  std::string where;  // "title", "message", "fix", or the template's file
  std::string text;   // of the hole, as written
  RulePlace place;
  std::size_t printed = 0;  // how often it was asked for
  std::size_t missing = 0;  // … and had no value
  std::string log{};        // the first of these
};

// A statistic that needs members: a high or low percentile, or a measure of spread.
struct LintSample {
  std::string text;  // "p95(d)"
  RulePlace place;
  std::size_t needed = 0;    // members, for it to be more than the extreme
  std::size_t asked = 0;     // findings in which it was looked at
  std::size_t short_of = 0;  // … with fewer members
  bool percentile = false;
};

struct LintRule {
  rules::RuleIndex index = 0;
  std::string rule;  // qualified name
  rules::Layer layer = rules::Layer::Cause;
  RulePlace place;
  std::string fingerprint;        // of its text: FingerprintOf (source_words.h)
  bool joins = false;             // it looks at findings of other rules: what it applies to is chosen already
  std::size_t applicable = 0;     // logs that have something for it to look at, and for which `applies when` holds
  std::size_t fired = 0;          // logs with a finding (of an advice: a match)
  std::size_t shown = 0;          // logs with one that a report lists: above info, not folded under another
  std::size_t findings = 0;       // in all
  std::size_t most_in_a_log = 0;  // that a report lists
  std::string most_log;
  std::size_t not_evaluated = 0;               // logs in which it could not be decided
  std::map<std::string, LintMissing> missing;  // by input
  std::size_t given_up = 0;                    // logs in which it took too much work
  std::vector<LintCondition> funnel;           // as they are written
  std::size_t not_counted = 0;                 // logs that have too many combinations for the funnel
  std::vector<LintEdge> edges;                 // those with something lost or gained
  std::vector<LintHole> holes;                 // those without a value somewhere
  std::vector<LintSample> samples;
  std::size_t long_titles = 0;   // of more than kLongTitle characters
  std::size_t equal_titles = 0;  // findings of one log that have the title of another one of the rule
  std::string equal_title_log;
  std::uint64_t steps = 0;  // of the matcher, over all logs
  std::size_t firing_tests = 0;
  std::size_t silent_tests = 0;          // that expect it not to be found
  std::optional<double> confidence_low;  // declared, over its findings
  std::optional<double> confidence_high;
  RuleScore score;                             // against labels; empty shares where there are none
  std::map<std::string, std::string> allowed;  // code → reason: `# lint: allow CODE because REASON` in the rule

  // The condition that alone keeps most combinations from being findings; nullopt: none does.
  [[nodiscard]] std::optional<std::size_t> Blocks() const;
  // Findings at stake at one threshold, at most, for a tenth.
  [[nodiscard]] std::uint64_t OnEdge() const;
};

// Two rules, and what they have in common over the logs. `rule` and `other` index LintFacts::rules.
struct LintPair {
  std::size_t rule = 0;
  std::size_t other = 0;
  std::size_t places = 0;  // at which `rule` found something
  std::size_t common = 0;  // … and `other`, too
  std::size_t logs = 0;    // with a common place
  bool implied = false;    // the text says it: the conditions of `other` are among those of `rule`
  std::string log{};       // the smallest in which `other` finds something where `rule` does not; empty: none
};
// Two advices that moved one setting in opposite directions in one log.
struct LintClash {
  std::size_t rule = 0;
  std::size_t other = 0;
  std::string setting;
  std::string rule_value;  // as they would set it, and what is in force
  std::string other_value;
  std::string from;
  std::size_t logs = 0;
  std::string log;  // the smallest
};

struct LintFacts {
  std::size_t logs = 0;
  std::size_t labelled = 0;
  std::size_t held_out = 0;     // labelled logs that are left out: they judge, nobody lints against them
  std::uint64_t steps = 0;      // of all rules of the run
  std::vector<LintRule> rules;  // in the order of the files
  // Findings at the same places: `rule` mostly where `other` is.
  std::vector<LintPair> contained;
  // Causes that explain the same finding and do not speak of each other.
  std::vector<LintPair> overlapping;
  std::vector<LintClash> clashes;
};

inline constexpr std::size_t kLongTitle = 160;

// Collects the facts. Rules, templates and sources outlive it.
class LintStudy {
 public:
  // `wanted`: one a rule of the book, whether it is studied.
  LintStudy(const Rulebook& book, const SourceManager& sources, const std::vector<bool>& wanted);
  ~LintStudy();
  // One log; nothing of it is kept but counts and names. `bytes` is its size on disk, by which the smallest is chosen.
  // `labels`: those of the log, if there are any; they outlive the study.
  void Add(const RunLog& log, const std::string& job, const LogLabels* labels, PhaseTimes& times);
  LintFacts Finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// ---------------------------------------------------------------- what is wrong
struct LintProblem {
  std::string code;   // "noisy": lint_codes.def
  bool note = false;  // says something, but nothing needs to be done: never fails
  std::string rule;   // qualified name
  RulePlace place;
  std::string about;    // what tells it from others of its code and rule: a condition, another rule; may be empty
  std::string message;  // lower case, no full stop
  std::string help;     // what to do
  std::string log;      // that shows it; may be empty
  std::string allowed;  // the reason, where the rule allows it
  bool known = false;   // in the baseline
  // Same problem, same key, whatever line it stands in: "noisy spark.core.small_files".
  [[nodiscard]] std::string Key() const;
  [[nodiscard]] bool counts() const { return !note && allowed.empty() && !known; }
};

// By rule, in the order of the facts, then by code.
std::vector<LintProblem> FindProblems(const LintFacts& facts);

// What a code means, for people. Empty: there is no such code.
std::string_view LintCodeText(std::string_view code);
std::vector<std::string_view> LintCodes();

// ---------------------------------------------------------------- what is known already
// Keys of problems, one a line; `#` begins a comment.
std::string WriteBaseline(const std::vector<LintProblem>& problems);
// Marks those that the baseline has as known; returns its entries that are no problem any more.
std::vector<std::string> ApplyBaseline(std::string_view baseline, std::vector<LintProblem>& problems);

}  // namespace advise::workbench
