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

// The partitions of a stage that hold far more than the others, in pieces: as adaptive execution would split them, or with
// a salted key. Refused: no-such-stage, no-shuffle, no-skew.
enum class SkewRemedy : std::uint8_t { Split, Salt };
Change DivideSkew(const model::JobModel& model, const Workload& workload, std::int64_t stage, SkewRemedy remedy);

// What the stage computes is kept, and read by the stages that compute the same again. Refused: no-such-stage,
// not-recomputed.
Change CacheStage(const model::JobModel& model, const Workload& workload, std::int64_t stage);

// The same of the stage whose repetitions take most; refused ("not-recomputed") where none is computed twice.
Change CacheRepeated(const model::JobModel& model, const Workload& workload);

// The files that are read have about so many bytes. Refused where none are smaller ("not-modelled").
Change FilesOfSize(const model::JobModel& model, const Workload& workload, double bytes);

// Joins as the user names them: `3` all of stage 3, `0/17` node 17 of SQL execution 0. Refused: no-such-join.
enum class JoinWay : std::uint8_t { Broadcast, SortMerge };
Change ChangeJoins(const model::JobModel& model, const Workload& workload, std::string_view place, JoinWay way);

// A sort-merge join (row of plan_nodes) that sends its smaller side to every executor instead.
Change BroadcastJoin(const model::JobModel& model, const Workload& workload, std::size_t node);

// Executors come after this share of the time that passed since they were asked for: machines that are warm, a queue with
// room. Those that came before any was removed, those that came in the place of others, or all. Refused
// ("not-modelled") when none of them waited.
enum class Latecomers : std::uint8_t { AtFirst, Replacements, All };
Change EarlierExecutors(const model::JobModel& model, const Workload& workload, const Range& factor, Latecomers which);
// Those that were asked for before these stages (of Workload::stages) ended and came after they were submitted.
Change EarlierExecutorsOf(const Workload& workload, const StageList& stages, const Range& factor);

// All of them together: effects joined, the least sure evidence, caveats once each, spreads multiplied.
Question Combine(std::span<const Change> changes);

// Keys that have a model, sorted.
std::vector<std::string_view> ModelledSettings();

}  // namespace advise::cost
