// The plan: which of the recommended changes to make together, in which order, and what they save jointly. Plain data;
// make_plan.h fills it. Times are ms of the run's wall time; savings are those of the effect, without the noise between
// two runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cost/prices.h"
#include "recommend/paste_block.h"
#include "recommend/recommendation.h"

namespace advise::cost {
class CostModel;
}

namespace advise::plan {

using recommend::Interval;

// What is to be small: wall time, or what is paid for: money by the user's prices, without them (or where they give
// none) the slot time of the executors that are there. Savings are those of wall time in either case.
enum class Objective : std::uint8_t { Time, Cost };

struct PlanOptions {
  Objective objective = Objective::Time;
  std::optional<std::size_t> max_changes{};
  bool no_code_changes = false;       // settings alone, nothing in programs and queries
  std::vector<std::string> pinned{};  // settings that stay as they are
  bool subsets = false;               // also predict each choice of the steps: for pages on which one ticks them
  std::optional<cost::Prices> prices{};
  // Says the times in place of the replay; not of executors and money, so not for Objective::Cost. If it fails, the
  // replay says them all (Plan::model_failed).
  cost::CostModel* model = nullptr;
};

struct PlanStep {
  std::size_t recommendation = 0;
  Interval saving;              // on top of the steps before it; `mid` add up to Plan::joint.mid
  std::int64_t fair_share = 0;  // Shapley; they add up to Plan::joint.mid
  std::int64_t if_dropped = 0;  // what the plan would lose without it
  Interval after;               // the run's duration after this step
  std::string check;            // what to look at after it; a sentence without full stop, or empty
  std::optional<double> money;  // that the run costs after this step, at the most likely values
};

// What the run costs by the user's prices, in their currency. Of a cluster that is paid for anyway only core-hours are
// known.
struct PlanMoney {
  std::string currency;
  std::string source;  // of the prices, in the user's words
  std::string billing;
  std::optional<double> now;
  std::optional<double> after;  // with all steps
  double core_hours = 0;        // that the executors hold, as it was
};

// Of two changes, whose savings are not those of each added up.
enum class InteractionKind : std::uint8_t { Overlap, Synergy, Conflict };
std::string_view Word(InteractionKind kind);

// How a recommendation is called in a sentence: its one setting ("spark.sql.shuffle.partitions=8"), or its title.
std::string NameOf(const recommend::Recommendation& recommendation);

struct Interaction {
  std::size_t a = 0;  // recommendations
  std::size_t b = 0;
  InteractionKind kind = InteractionKind::Overlap;
  std::int64_t amount = 0;  // together - (a + b); 0 of a conflict
  std::string because;      // without full stop
};

// A step of which it is not sure that the plan is better with it: what to measure first.
struct Doubt {
  std::size_t recommendation = 0;
  double against = 0;      // share of the draws in which the run is shorter without it
  std::int64_t worth = 0;  // ms that knowing would save on average: expected value of perfect information
};

// A popular remedy that nobody recommended here, predicted by the same model.
struct Remedy {
  std::string what;  // "twice the executors (8)"
  Interval saving;
  char evidence = 'E';
  std::string because;  // empty: the numbers say it
};

struct Replay {
  double error = 0;
  double in_job_error = 0;
  double frozen_share = 0;
};

struct Plan {
  std::optional<Replay> replay;      // nullopt: the log holds no time, or nothing was asked
  std::string refused;               // why no saving is given for any change: a sentence; empty: they are
  std::string refused_code;          // as in `advise whatif`, "failed" or "no-effects"
  std::string model;                 // that was named to say the times ("linear-py 1"); empty: the replay does
  std::string model_failed;          // why it does after all: a sentence without full stop; empty: `model` says them
  std::int64_t duration = 0;         // of the run as it was
  std::vector<PlanStep> steps;
  Interval joint;                    // saved by all steps together
  // What each choice of the steps saves together: bit i of the place is step i. nullopt: they cannot be made without the
  // others. Empty: not asked for, or too many to predict.
  std::vector<std::optional<Interval>> subsets;
  std::int64_t sum_of_separate = 0;  // of the steps, each alone
  std::vector<Interaction> interactions;
  std::vector<Doubt> doubts;      // the largest first
  std::vector<Remedy> no_help;    // what would not help
  recommend::PasteBlock paste;    // settings of the chosen recommendations
  std::optional<PlanMoney> money;  // nullopt: no prices were given, or `no_money` says why they do not help
  std::string no_money;            // where money was asked for: a sentence without full stop
  std::size_t not_simulated = 0;  // estimable changes beyond the most that are weighed against each other
};

}  // namespace advise::plan
