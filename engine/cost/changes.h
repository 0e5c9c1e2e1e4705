// Changes as a user says them → effects: settings, executors, partitions, stages left out. What a setting does to a run
// is Spark's logic, not a rule's: each modelled setting has one function (change_models.h), all others are refused.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cost/predict.h"

namespace advise::cost {

// One change, resolved against a log.
struct Change {
  std::string text;  // "spark.sql.shuffle.partitions = 8"
  std::string kind;  // "conf", "executors", "slots", "partitions", "drop", "effect"
  std::string key;   // the setting's; "stage(3)" and the like
  std::string from;  // as it was in the run; empty: the log does not say
  std::string to;
  Question question;
  std::optional<Refusal> refused;  // the change cannot be predicted, or would not run
};

// A setting, checked against the catalogue and the Spark version of the log. Refusals: unknown-setting (with the
// nearest name), bad-value, not-modelled (Spark has it, but a log does not tell what it would do), no-environment, and
// what the models say.
Change ChangeSetting(const model::JobModel& model, const Workload& workload, std::string_view key,
                     std::string_view value);

// Executors at once, at least 1; refused for local runs ("no-executors").
Change ChangeExecutors(const model::JobModel& model, const Workload& workload, double executors);

// Shuffle partitions, of one stage (id) or of all that the setting governs.
Change ChangePartitions(const model::JobModel& model, const Workload& workload, double partitions,
                        std::optional<std::int64_t> stage);

// A stage with what only it needs: its ancestors whose output nobody else reads.
Change LeaveOutStage(const model::JobModel& model, const Workload& workload, std::int64_t stage);

// A sort-merge join (row of plan_nodes) that sends its smaller side to every executor instead.
Change BroadcastJoin(const model::JobModel& model, const Workload& workload, std::size_t node);

// All of them together: effects joined, the least sure evidence, caveats once each, spreads multiplied.
Question Combine(std::span<const Change> changes);

// Keys that have a model, sorted.
std::vector<std::string_view> ModelledSettings();

}  // namespace advise::cost
