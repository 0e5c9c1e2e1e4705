// From facts to problems: the bounds of what is too much, each with its reason.
#include <algorithm>
#include <cmath>
#include <set>

#include "report/words.h"
#include "support/format.h"
#include "support/quoted.h"
#include "support/text.h"
#include "workbench/lint.h"
#include "workbench/share_output.h"

namespace advise::workbench {
namespace {

using report::CountOf;

// Logs from which shares of logs mean something.
constexpr std::size_t kEnoughLogs = 10;
// A rule that has that many chances and takes none.
constexpr std::size_t kManyLogs = 20;
// Of the logs to which a rule applies: with more of them a report always has it. 40 % after the reference on tooling.
constexpr double kNoisy = 0.4;
// Findings of one rule that one report lists.
constexpr std::size_t kCrowded = 20;
constexpr double kOftenMissing = 0.8;
// Of a rule's findings, those that a tenth of one threshold makes or unmakes.
constexpr double kCliff = 0.5;
constexpr std::size_t kCliffFindings = 4;
constexpr double kContained = 0.95;
constexpr std::size_t kContainedPlaces = 5;
constexpr std::size_t kContainedLogs = 3;
constexpr double kOverlap = 0.5;
constexpr std::size_t kOverlapFindings = 3;
constexpr double kShortSamples = 0.5;
constexpr std::size_t kAskedSamples = 3;
constexpr std::size_t kAskedHoles = 3;
constexpr double kCostly = 0.25;
constexpr std::uint64_t kManySteps = 1'000'000;
// Labels of one rule from which its precision is more than an anecdote.
constexpr std::size_t kLabelled = 5;
constexpr double kPrecise = 0.8;
constexpr double kRecalled = 0.8;

std::string Logs(std::size_t logs) { return CountOf(logs, "log", "logs"); }
std::string Percent(std::size_t some, std::size_t all) {
  return FormatShare(all == 0 ? 0 : static_cast<double>(some) / static_cast<double>(all));
}
bool IsMost(std::size_t some, std::size_t all, double share) {
  return all > 0 && static_cast<double>(some) > share * static_cast<double>(all);
}

bool IsContained(const LintPair& pair) {
  return static_cast<double>(pair.common) >= kContained * static_cast<double>(pair.places);
}

class Finder {
 public:
  explicit Finder(const LintFacts& facts) : facts_(facts) {}

  std::vector<LintProblem> Run() {
    for (std::size_t i = 0; i < facts_.rules.size(); ++i) {
      rule_ = &facts_.rules[i];
      Silence();
      Noise();
      Edges();
      for (const LintPair& pair : facts_.contained) {
        if (pair.rule == i) Contained(pair);
      }
      for (const LintPair& pair : facts_.overlapping) {
        if (pair.rule == i) Overlap(pair);
      }
      for (const LintClash& clash : facts_.clashes) {
        if (clash.rule == i) Clash(clash);
      }
      Samples();
      Texts();
      Tests();
      Cost();
      Labels();
      Allow();
    }
    return std::move(problems_);
  }

 private:
  LintProblem& Add(std::string code, std::string message, std::string help) {
    LintProblem& problem = problems_.emplace_back();
    problem.code = std::move(code);
    problem.rule = rule_->rule;
    problem.place = rule_->place;
    problem.message = std::move(message);
    problem.help = std::move(help);
    return problem;
  }
  LintProblem& Note(std::string code, std::string message, std::string help) {
    LintProblem& problem = Add(std::move(code), std::move(message), std::move(help));
    problem.note = true;
    return problem;
  }

  [[nodiscard]] std::string MissingList() const {
    return Join(rule_->missing, "; ", [](const auto& entry) {
      return entry.first + " (in " + Logs(entry.second.logs) + ": " + entry.second.why + ")";
    });
  }

  void Silence() {
    const std::size_t asked = rule_->applicable;
    if (rule_->not_evaluated > 0 && rule_->not_evaluated >= asked && rule_->fired == 0 &&
        rule_->not_evaluated >= kEnoughLogs && rule_->missing.size() > 0) {
      Note("never-evaluated",
           "could be decided in none of " + Logs(rule_->not_evaluated) + ": they lack " + MissingList(),
           "logs that hold it are missing from these, or the rule asks for what no log has");
    } else if (rule_->not_evaluated >= kEnoughLogs &&
               IsMost(rule_->not_evaluated, std::max(asked, rule_->not_evaluated), kOftenMissing)) {
      Note("often-missing",
           "cannot be decided in " + std::to_string(rule_->not_evaluated) + " of " +
               Logs(std::max(asked, rule_->not_evaluated)) + ": they lack " + MissingList(),
           "give what is missing a default (`x ?? d`) if the rule makes sense without it");
    }
    if (rule_->given_up > 0) {
      Add("given-up", "took too much work in " + Logs(rule_->given_up) + " and was left out there",
          "begin its pattern with what is rare: findings of a symptom, or an entity with a cheap condition");
    }
    // An advice that is never asked for is not silent: its cause is.
    if (rule_->fired > 0 || asked < kManyLogs || rule_->not_evaluated > 0) return;
    std::string message = "found nothing in " + Logs(asked) + " that it applies to";
    RulePlace place = rule_->place;
    std::string about;
    if (const auto blocks = rule_->Blocks()) {
      const LintCondition& condition = rule_->funnel[*blocks];
      place = condition.place;
      if (condition.alone > 0) {
        message += "; " + Quoted(condition.text) + " alone keeps " +
                   CountOf(condition.alone, "candidate", "candidates") + " out";
      } else {
        message += "; " + Quoted(condition.text) + " stops " +
                   FormatCount(static_cast<std::int64_t>(condition.reached - condition.passed)) + " of " +
                   CountOf(condition.reached, "candidate", "candidates") + " that come to it";
      }
    }
    LintProblem& problem = Note("never-fires", std::move(message),
                                "if these logs should have some of it, the condition asks for too much");
    problem.place = place;
    problem.about = about;
  }

  void Noise() {
    const std::size_t chances = rule_->joins ? facts_.logs : rule_->applicable;
    if (chances >= kEnoughLogs && IsMost(rule_->shown, chances, kNoisy)) {
      Add("noisy",
          "a report lists it for " + std::to_string(rule_->shown) + " of " + Logs(chances) +
              (rule_->joins ? "" : " that it applies to") + " (" + Percent(rule_->shown, chances) + ")",
          "raise its threshold, let a cause explain it, or bound its severity with `severity info`");
    }
    if (rule_->most_in_a_log > kCrowded) {
      LintProblem& problem = Note("crowded", std::to_string(rule_->most_in_a_log) + " findings of it in one log",
                                  "group what is alike (`group by`), or report the worst of them");
      problem.log = rule_->most_log;
    }
  }

  void Edges() {
    for (const LintEdge& edge : rule_->edges) {
      const std::uint64_t moved = edge.lost + edge.gained;
      if (moved < kCliffFindings ||
          static_cast<double>(moved) <= kCliff * static_cast<double>(std::max<std::size_t>(rule_->findings, 1)))
        continue;
      std::string message = "a tenth more or less in " + Quoted(edge.text) + " takes " + std::to_string(edge.lost) +
                            " of " + CountOf(rule_->findings, "finding", "findings") + " away, or adds " +
                            std::to_string(edge.gained);
      LintProblem& problem =
          Add("cliff", std::move(message),
              edge.params.empty() ? "make the number a parameter, and look at its curve with `advise tune`"
                                  : "`advise tune` shows where the curve of " + edge.params + " is flat");
      problem.place = edge.place;
      problem.about = edge.text;
    }
  }

  void Contained(const LintPair& pair) {
    const LintRule& other = facts_.rules[pair.other];
    const bool seen = pair.places >= kContainedPlaces && pair.logs >= kContainedLogs && IsContained(pair);
    if (!pair.implied && !seen) return;
    const auto back = std::ranges::find_if(
        facts_.contained, [&](const LintPair& one) { return one.rule == pair.other && one.other == pair.rule; });
    const bool same = back != facts_.contained.end();
    // What the text says goes before what was seen.
    if (same && back->implied && !pair.implied) return;
    const bool both = same && (pair.implied ? back->implied : IsContained(*back));
    if (both && pair.other < pair.rule) return;  // told of the other
    std::string message = both ? "is found just where " + Quoted(other.rule) + " is"
                               : "is found only where " + Quoted(other.rule) + " is, too";
    if (pair.places > 0) {
      message += ": at " + std::to_string(pair.common) + " of " + CountOf(pair.places, "place", "places") + " in " +
                 Logs(pair.logs);
    }
    if (pair.implied) message += "; its conditions say so";
    std::string help = both ? "one of them could go, or one explains the other"
                            : "say what they have to do with each other: `explains`, `for`, or `not " +
                                  other.rule.substr(other.rule.rfind('.') + 1) + "(…)`";
    if (!pair.log.empty()) help += "; " + pair.log + " is the smallest log that tells them apart";
    // Two rules that are seen together may still be two things; what their text says is no chance.
    LintProblem& problem = Add(both ? "duplicate" : "subsumed", std::move(message), std::move(help));
    problem.note = !pair.implied && !both;
    problem.about = other.rule;
    problem.log = pair.log;
  }

  void Overlap(const LintPair& pair) {
    if (pair.rule > pair.other || pair.common < kOverlapFindings) return;
    const auto back = std::ranges::find_if(
        facts_.overlapping, [&](const LintPair& one) { return one.rule == pair.other && one.other == pair.rule; });
    const std::size_t fewer = std::min(pair.places, back == facts_.overlapping.end() ? pair.places : back->places);
    if (!IsMost(pair.common, fewer, kOverlap)) return;
    const LintRule& other = facts_.rules[pair.other];
    LintProblem& problem = Add("overlap",
                               "explains the same as " + Quoted(other.rule) + " for " + std::to_string(pair.common) +
                                   " of " + CountOf(fewer, "finding", "findings") + ", and neither speaks of the other",
                               "let one exclude the other (`not other(…)`), explain it, or rule it out");
    problem.about = other.rule;
    problem.log = pair.log;
  }

  void Clash(const LintClash& clash) {
    const LintRule& other = facts_.rules[clash.other];
    LintProblem& problem =
        Add("contradiction",
            "raises " + Quoted(clash.setting) + " to " + clash.rule_value + " (from " + clash.from + ") where " +
                Quoted(other.rule) + " lowers it to " + clash.other_value + ", in " + Logs(clash.logs),
            "state `conflicts with` or `supersedes`, or let their causes exclude each other");
    problem.about = other.rule + " " + clash.setting;
    problem.log = clash.log;
  }

  void Samples() {
    for (const LintSample& sample : rule_->samples) {
      if (sample.asked < kAskedSamples || !IsMost(sample.short_of, sample.asked, kShortSamples)) continue;
      const std::string counts = std::to_string(sample.short_of) + " of " +
                                 CountOf(sample.asked, "finding", "findings") + " have fewer than " +
                                 std::to_string(sample.needed) + " members";
      LintProblem& problem =
          sample.percentile
              ? Add("percentile-too-fine", Quoted(sample.text) + " is the extreme itself: " + counts,
                    "use a coarser percentile, or the extreme by its name")
              : Add("small-sample", Quoted(sample.text) + " is over few values: " + counts,
                    "ask for enough of them in a condition: `count(d) >= " + std::to_string(sample.needed) + "`");
      problem.place = sample.place;
      problem.about = sample.text;
    }
  }

  void Texts() {
    for (const LintHole& hole : rule_->holes) {
      const bool own = hole.where != "template";
      if (hole.missing == hole.printed && hole.printed >= kAskedHoles) {
        LintProblem& problem = Add(
            "empty-hole", "{" + hole.text + "} had no value for any of " + CountOf(hole.printed, "finding", "findings"),
            own ? "the " + hole.where + " always says \"unknown\" there"
                : "its sentence of the template never appears");
        problem.place = hole.place;
        problem.about = hole.text;
        problem.log = hole.log;
        // What these logs lack, others may have: the template leaves the sentence out by itself.
        problem.note = !own;
      } else if (own) {
        LintProblem& problem =
            Add("unknown-in-text",
                "the " + hole.where + " says \"unknown\" for {" + hole.text + "} in " + std::to_string(hole.missing) +
                    " of " + CountOf(hole.printed, "finding", "findings"),
                "write {" + hole.text + " ?? …}, or move the sentence into the template");
        problem.place = hole.place;
        problem.about = hole.where + " " + hole.text;
        problem.log = hole.log;
      }
    }
    if (rule_->long_titles > 0) {
      Add("long-title",
          CountOf(rule_->long_titles, "title has", "titles have") + " more than " + std::to_string(kLongTitle) +
              " characters",
          "say less in the title, and the rest in the message");
    }
    if (rule_->equal_titles > 0) {
      LintProblem& problem = Add(
          "same-title",
          CountOf(rule_->equal_titles, "finding has", "findings have") + " the title of another one of the same log",
          "name the subject in the title");
      problem.log = rule_->equal_title_log;
    }
  }

  void Tests() {
    if (rule_->firing_tests > 0 && rule_->silent_tests > 0) return;
    const std::string name = rule_->rule.substr(rule_->rule.rfind('.') + 1);
    std::string message = "no test expects it";
    if (rule_->firing_tests > 0) message = "no test expects that it is not found";
    Add("missing-test", std::move(message),
        rule_->firing_tests > 0 ? "add a near miss: a job that lacks one condition, with `expect not " + name + "(…)`"
                                : "add a test that gives a job and has `expect " + name + "(…)`, and a near miss");
  }

  void Cost() {
    if (facts_.steps < kManySteps || static_cast<double>(rule_->steps) <= kCostly * static_cast<double>(facts_.steps))
      return;
    Add("costly",
        "takes " + FormatShare(static_cast<double>(rule_->steps) / static_cast<double>(facts_.steps)) +
            " of the steps of all rules",
        "begin its pattern with what is rare, or with a cheap condition on a single row");
  }

  void Labels() {
    const Share& precision = rule_->score.precision;
    const Share& recall = rule_->score.recall;
    if (precision.of >= kLabelled && precision.value() < kPrecise) {
      Add("imprecise", "labels allow " + ShareText(precision) + " of its findings",
          "look at the wrong ones with `advise eval`, and tell them from the right ones with a condition");
    }
    if (recall.of >= kLabelled && recall.value() < kRecalled) {
      Add("misses", "finds " + ShareText(recall) + " of what labels ask of it",
          "`advise eval` names the condition that kept each of them out");
    }
    if (precision.of < kLabelled || !rule_->confidence_low || !rule_->confidence_high) return;
    const bool above = *rule_->confidence_low > precision.high();
    if (!above && *rule_->confidence_high >= precision.low()) return;
    const std::string declared =
        FormatShare(*rule_->confidence_low) +
        (*rule_->confidence_low == *rule_->confidence_high ? "" : " to " + FormatShare(*rule_->confidence_high));
    LintProblem& problem =
        Add("confidence",
            "declares a confidence of " + declared + ", labels allow " + ShareText(precision) + " of its findings",
            "declare what is measured: `confidence " + std::to_string(std::lround(precision.value() * 100)) + "%`");
    // Declaring too little misleads nobody.
    problem.note = !above;
  }

  // Marks what the rule allows, and tells what it need not.
  void Allow() {
    std::set<std::string> used;
    for (LintProblem& problem : problems_) {
      if (problem.rule != rule_->rule || problem.note) continue;
      const auto reason = rule_->allowed.find(problem.code);
      if (reason == rule_->allowed.end()) continue;
      problem.allowed = reason->second;
      used.insert(problem.code);
    }
    for (const auto& [code, reason] : rule_->allowed) {
      if (used.contains(code)) continue;
      const bool known = !LintCodeText(code).empty();
      LintProblem& problem = known ? Note("stale-allow", "allows " + Quoted(code) + ", which these logs do not show",
                                          "take the comment out, if no other logs need it")
                                   : Add("stale-allow", "allows " + Quoted(code) + ", which is no code of lint",
                                         "codes: " + Join(LintCodes(), ", "));
      problem.about = code;
    }
  }

  const LintFacts& facts_;
  const LintRule* rule_ = nullptr;
  std::vector<LintProblem> problems_;
};

struct CodeText {
  std::string_view code;
  std::string_view text;
};
constexpr CodeText kCodes[] = {
#define ADVISE_LINT(code, text) {code, text},
#include "workbench/lint_codes.def"
#undef ADVISE_LINT
};

}  // namespace

std::vector<LintProblem> FindProblems(const LintFacts& facts) { return Finder(facts).Run(); }

std::string_view LintCodeText(std::string_view code) {
  const auto* found = std::ranges::find(kCodes, code, &CodeText::code);
  return found == std::end(kCodes) ? std::string_view() : found->text;
}
std::vector<std::string_view> LintCodes() {
  std::vector<std::string_view> codes;
  for (const CodeText& one : kCodes) codes.push_back(one.code);
  return codes;
}

std::string LintProblem::Key() const { return code + " " + rule + (about.empty() ? "" : " " + about); }

// ---------------------------------------------------------------- the baseline
std::string WriteBaseline(const std::vector<LintProblem>& problems) {
  std::set<std::string> keys;
  for (const LintProblem& problem : problems) {
    if (!problem.note && problem.allowed.empty()) keys.insert(problem.Key());
  }
  std::string text = "# Problems that `advise lint --baseline` takes as known: code, rule, and what it is about.\n";
  for (const std::string& key : keys) text += key + "\n";
  return text;
}

std::vector<std::string> ApplyBaseline(std::string_view baseline, std::vector<LintProblem>& problems) {
  std::vector<std::string> stale;
  while (!baseline.empty()) {
    const std::size_t end = std::min(baseline.find('\n'), baseline.size());
    const std::string key(Trim(baseline.substr(0, end)));
    baseline.remove_prefix(std::min(end + 1, baseline.size()));
    if (key.empty() || key.starts_with('#')) continue;
    bool found = false;
    for (LintProblem& problem : problems) {
      if (problem.note || problem.Key() != key) continue;
      problem.known = true;
      found = true;
    }
    if (!found) stale.push_back(key);
  }
  return stale;
}

}  // namespace advise::workbench
