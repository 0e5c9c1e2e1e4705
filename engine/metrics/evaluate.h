// Values of attributes in one model. The only code that knows in which column an attribute lies.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/attribute.h"
#include "metrics/catalogue.h"
#include "model/job_model.h"

namespace advise::metrics {

// One value. Texts and lists view into the model (and live as long as it).
struct Value {
  enum class State : std::uint8_t { Missing, Integer, Real, Bool, Text, Entity };
  State state = State::Missing;
  std::int64_t integer = 0;  // Integer (in the stored unit); Entity: the row
  double real = 0;           // Real; also set for Integer
  bool boolean = false;
  std::string_view text{};  // Text and Enum

  [[nodiscard]] bool missing() const { return state == State::Missing; }
};

// The value as stored (times in the attribute's own unit). Not for EntitySet and lists. `row` < model.RowCount(entity).
Value Evaluate(const model::JobModel& model, AttributeId attribute, std::uint32_t row);

// A number as rules see it: Ns divided by 1e6 (so all durations are ms), everything else as stored. NaN: missing.
// Only for attributes of kind Number. This is the hot path of the matcher.
double EvaluateNumber(const model::JobModel& model, AttributeId attribute, std::uint32_t row);

// EvaluateNumber for many rows: out[i] belongs to rows[i]. One dispatch per call, not per row.
void EvaluateNumbers(const model::JobModel& model, AttributeId attribute, std::span<const std::uint32_t> rows,
                     std::span<double> out);

// The same of an attribute of kind Bool: 0 false, 1 true, 2 missing.
void EvaluateFlags(const model::JobModel& model, AttributeId attribute, std::span<const std::uint32_t> rows,
                   std::span<std::uint8_t> out);

// Members of a to-many attribute as row indices of attribute.target, in the column's order.
// App.tasks (and other all-of-a-kind sets of App) give every row.
std::vector<std::uint32_t> EvaluateSet(const model::JobModel& model, AttributeId attribute, std::uint32_t row);
std::vector<std::string_view> EvaluateTextList(const model::JobModel& model, AttributeId attribute, std::uint32_t row);
std::span<const std::int64_t> EvaluateNumberList(const model::JobModel& model, AttributeId attribute,
                                                 std::uint32_t row);

// Why the attribute is missing in this log as a whole (version too old, setting off, entity never ended …), in words
// for the user: "Spark 2.0.1 does not write it (since 2.1)" or the attribute's own reason. Independent of a row.
std::string WhyMissing(const model::JobModel& model, AttributeId attribute);

// Pairs of an edge kind in the model, sorted by (from, to). `edge` is the row of EdgeInfo::as (same as from otherwise).
struct EdgeRow {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t edge = 0;
};
std::vector<EdgeRow> EdgesOf(const model::JobModel& model, EdgeKind kind);

// Stable printed id of an entity: a job "3", a stage "12.0", a task "17" ("17#1" for a repeated end), an executor
// "driver", a plan node "<sql>/<n>" (n = Spark's graph number, or "p<pre-order>" for undrawn nodes; of an initial plan
// "<sql>/i<n>"), a host its name, others their id.
std::string EntityKey(const model::JobModel& model, Entity entity, std::uint32_t row);
// The entity that a key of EntityKey names; a stage id alone means its attempt 0. Walks the table: for the command
// line.
std::optional<std::uint32_t> FindEntity(const model::JobModel& model, Entity entity, std::string_view key);

// Which rows a pattern variable of this type may bind: submitted stages; plan nodes of final plans (and of the kind or
// below it); everything else all rows.
std::vector<std::uint32_t> RowsOfType(const model::JobModel& model, const EntityType& type);

// Step series of App.running_tasks: time-weighted statistics of the number of running task attempts over the run, from
// the first to the last point in time seen. Empty: the log holds no time. The last value has no duration.
struct StepSeries {
  std::vector<std::int64_t> times;  // ms, ascending; the value holds from times[i] to times[i+1]
  std::vector<double> values;
};
StepSeries RunningTasks(const model::JobModel& model);

}  // namespace advise::metrics
