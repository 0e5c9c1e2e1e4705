// The report as plain data: everything is decided here, every number, order, fold and sentence. Writers (writers/) only
// lay it out, so text, JSON, Markdown and HTML can never disagree. assemble.h makes it.
//
// Texts are UTF-8. Sentences may hold `code` in backticks and **bold**; nothing else of Markdown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diagnose/coverage.h"
#include "diagnose/finding.h"
#include "diagnose/in_force.h"
#include "explain/narration.h"
#include "model/log_info.h"
#include "plan/plan.h"
#include "recommend/recommendation.h"
#include "report/details/details.h"

namespace advise::report {

// The object `app` of the JSON contract. nullopt: the log does not hold it.
struct AppInfo {
  std::optional<std::string> id;
  std::optional<std::string> name;
  std::optional<std::string> attempt;
  std::optional<std::int64_t> start_ms;
  std::optional<std::int64_t> end_ms;
  std::optional<std::int64_t> duration_ms;  // of a log without end: up to the last time seen, a lower bound
  bool failed = false;
  std::int64_t executors = 0;  // ever added; a local run has 1
  std::optional<std::int64_t> slots;
  std::int64_t jobs = 0;
  std::int64_t stages = 0;  // distinct stage ids that were submitted
  std::int64_t stage_attempts = 0;
  std::int64_t tasks = 0;  // partitions that succeeded: one winner each
  std::int64_t task_attempts = 0;
  std::int64_t failed_tasks = 0;
  std::int64_t sql_executions = 0;
};

// ---------------------------------------------------------------- the time strip
enum class PathKind : std::uint8_t { Tasks, Driver, Idle };
// A piece of the critical path. Pieces tile the run from 0 to Strip::duration_ms.
struct PathSegment {
  std::int64_t start_ms = 0;  // from the start of the application
  std::int64_t end_ms = 0;
  PathKind kind = PathKind::Tasks;
  std::string name;             // "stage 50", "start-up"; empty: too many small ones to name
  std::string short_name;       // "50"
  diagnose::PathPiece piece{};  // what it is
};
struct Pin {
  std::int64_t at_ms = 0;
  int number = 0;  // of the finding
};
struct Strip {
  std::int64_t duration_ms = 0;   // 0: no strip
  std::vector<double> busy;       // by equal bins: mean slots in use / slots that exist, 0..1
  std::vector<PathSegment> path;  // ascending
  std::vector<Pin> pins;          // ascending by number
};

// ---------------------------------------------------------------- where the time went
// The object `ledger` of the JSON contract, out of model/ledger.h.
struct LedgerAccount {
  std::string account;
  std::int64_t ms = 0;
  bool outside_work = false;        // slots did not work for the program, as TIME divides it
  bool can_be_unexplained = false;  // all but work, what nothing divides it into, and user_idle
  struct OfStage {
    std::string stage;  // "12.0"
    std::int64_t ms = 0;
  };
  std::vector<OfStage> stages;  // those with most of it, largest first
  struct Claim {
    std::string finding;  // id
    std::int64_t ms = 0;
  };
  std::vector<Claim> claims;    // of the findings, in their order; what they leave is claimed by nobody
  std::int64_t claimed_ms = 0;  // the sum of them
};
// What is left of an account when all findings have claimed theirs, from 5 % of the run on (diagnose/claims.h).
struct UnexplainedTime {
  std::string account;
  std::string label;  // as TIME says it: "tails"
  std::int64_t ms = 0;
  double share = 0;                            // of the run without user_idle
  bool unavoidable = false;                    // most of it is what every application has
  bool outside_work = false;                   // as in LedgerAccount
  std::vector<LedgerAccount::OfStage> stages;  // those with most of it, largest first
};
struct LedgerInfo {
  std::int64_t duration_ms = 0;
  std::int64_t user_idle_ms = 0;
  bool slots_observed = false;               // no executor states its cores
  std::vector<LedgerAccount> accounts;       // that have time, in the ledger's order; they add up to duration_ms
  std::vector<UnexplainedTime> unexplained;  // longest first
  std::int64_t unexplained_ms = 0;           // of all accounts that could be explained, small remainders too
  std::int64_t unknown_ms = 0;               // of which the log does not say whether it was work
  std::int64_t outside_work_ms = 0;          // of the accounts outside of work, without unknown_ms
  std::int64_t outside_claimed_ms = 0;       // of them, what findings claim
  std::int64_t unavoidable_ms = 0;           // of them, what every application has: the context of the driver
};
// What the page says of it; by the level one of the three is filled, or none.
struct TimeTexts {
  std::vector<std::string> values;  // behind TIME: "work 52 % (cpu 31, gc 4, other 17)", "tails 21 %"
  std::string sentence;             // empty: none
  std::string explained;            // what the findings account for of what is not work; empty: nothing to say
  std::vector<std::vector<std::string>> table;  // account.part, time, share, stages
};

// ---------------------------------------------------------------- what to do
// One line to paste. `broken` is the same code over two lines, for when `code` is longer than the page.
struct CodeLine {
  std::string code;
  std::string note;  // trailing comment without its mark: "was 200"
  std::vector<std::string> broken;
};
// A way to remedy a finding.
struct Action {
  int number = 0;                    // of the finding it stands under
  bool first = true;                 // false: a further one for the same finding
  std::string title;                 // imperative
  std::string tags;                  // "conf, session, effort low, risk low"
  std::string saving;                // "saves 12 s (8..15 s), class B"; empty: nothing is estimated in this log
  std::vector<std::string> remarks;  // sentences above the code
  std::vector<CodeLine> code;
  std::vector<int> also_for;   // numbers of other findings that it serves
  std::string recommendation;  // id
};

// ---------------------------------------------------------------- findings as shown
struct ShownFinding {
  diagnose::Finding finding;
  int number = 0;                     // 0: folded under another finding
  bool like = false;                  // one more place of the finding that has the same number; not shown by itself
  std::vector<std::string> also;      // its other places: "stage 18 (9.9 s)"
  bool shown = false;                 // numbered and within --top
  std::string amount;                 // "at most 35 s of 1m57s", "not estimated"
  std::string amount_short;           // for narrow pages: "≤ 35 s"
  std::string where;                  // by what the user knows the place: "count at job.py:45"; empty: unknown
  std::string cause;                  // said of a symptom that nothing explains; else empty
  std::vector<std::string> explains;  // one phrase for each folded finding
  std::vector<std::string> ruled_out;
  explain::Narration narration;  // empty levels: there is no template
  std::string expert_head;       // "spark.core.skewed_join(12.0,7)"
  std::string expert_tail;       // "stage 12.0  conf .95  ≤ 35 s"
  std::vector<std::string> expert_lines;
};

// What the page says of the plan (plan/plan.h); empty texts: nothing.
struct PlanTexts {
  std::string heading;                          // "PLAN"; empty: there is nothing to say
  std::string summary;                          // what its steps make of the run together; empty: no step
  std::vector<std::vector<std::string>> steps;  // number, step, alone, in plan, if dropped, basis
  std::vector<std::string> sum;                 // behind "together": joint against sum, interactions
  std::vector<std::string> money;               // what the run costs now and then, or why that is not known
  std::vector<std::string> measure;             // which steps to try first, because they may do harm
  std::vector<std::string> checks;              // "after 1: stage 3 has 8 tasks (200 before)"
  std::vector<std::string> not_chosen;
  std::vector<std::string> no_help;  // popular remedies that would not help
  std::string remark;                // a sentence, of a plan without figures
  std::vector<CodeLine> paste;       // all settings in one block
};

// A command of advise that goes on from here.
struct NextStep {
  std::vector<std::string> command;  // in parts between which a line may break: "advise", PATH, "--format json"
  std::string what;
};

// Failed wins over Cut. Cut: the end of the application is not in the log.
enum class RunState : std::uint8_t { Complete, Cut, Failed };

struct Report {
  explain::Level level = explain::Level::Practitioner;
  model::LogInfo log;
  AppInfo app;
  RunState state = RunState::Complete;

  std::vector<std::string> headline;  // the same line in falling length; the first that fits is printed
  std::vector<std::string> verdict;   // paragraphs
  Strip strip;
  std::optional<LedgerInfo> ledger;
  TimeTexts time;
  std::vector<ShownFinding> findings;                      // all of them, in order
  std::string more_findings;                               // "4 more findings (1 medium, 3 low): --top 7"; empty: none
  std::vector<recommend::Recommendation> recommendations;  // all of them
  std::vector<Action> actions;                             // for the findings that are shown
  std::vector<std::string> checked;                        // what was looked at when nothing was found; else empty
  std::vector<std::string> nearest;                        // rules that came closest, when nothing was found
  std::optional<plan::Plan> plan;                          // nullopt: nobody asked
  PlanTexts plan_texts;
  diagnose::InForce in_force;                // what was changed about the rules, and which are not there
  std::vector<std::string> parameter_lines;  // parameters that somebody changed; empty: none
  std::vector<std::string> override_lines;   // rules that an override changed
  std::vector<diagnose::NotEvaluated> not_evaluated;
  std::vector<std::string> not_evaluated_lines;
  std::vector<std::string> log_lines;
  std::vector<NextStep> next;
  std::optional<Details> details;  // only if asked for (AssembleOptions::details)
  std::int64_t worth_ms = 0;       // wall time that the findings above info hold in the ledger
  std::string one_line;            // "q72.zstd: 1m57s; 2 high, 1 medium, 1 info; log complete"
};

// The most severe finding that is not folded; nullopt: none. For --fail-on.
std::optional<diagnose::Severity> WorstSeverity(const Report& report);

}  // namespace advise::report
