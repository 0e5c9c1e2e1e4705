// Applications in which somebody or something outside decides when work comes: shells and notebooks, and the
// micro-batches of structured streaming.
#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "model/derive/derive.h"
#include "model/derive/removal_reasons.h"

namespace advise::model {
namespace {

// Names that shells and servers give themselves. "Databricks Shell" is every application of Databricks: there a job's
// own cluster is told from the cluster's name.
constexpr std::string_view kInteractiveNames[] = {"Spark shell", "PySparkShell",        "SparkR",  "livy-session",
                                                  "Zeppelin",    "Thrift JDBC",         "jupyter", "notebook",
                                                  "SparkSQL::",  "Spark Connect server"};
// Where code that was typed in says that it stands: the shell of Scala, the shell of Python, notebooks.
constexpr std::string_view kTypedIn[] = {"at <console>:", "at <stdin>:", "<ipython-input", "/ipykernel_", "at cmd"};

bool Starts(std::string_view text, std::string_view start) { return OccursIn(text.substr(0, start.size()), start); }

bool IsInteractive(const JobModel& model) {
  const std::string_view name = model.strings.Get(model.app.name.Get(0));
  for (const std::string_view known : kInteractiveNames) {
    if (OccursIn(name, known)) return true;
  }
  if (Starts(name, "Databricks Shell")) {
    const auto cluster = model.SparkProperty("spark.databricks.clusterUsageTags.clusterName");
    return !cluster || !Starts(*cluster, "job-");
  }
  if (model.SparkProperty("spark.repl.class.uri") || model.SparkProperty("spark.repl.class.outputDir")) return true;
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    const std::string_view stage_name = model.strings.Get(model.stages.name.Get(stage));
    for (const std::string_view typed : kTypedIn) {
      if (stage_name.find(typed) != std::string_view::npos) return true;
    }
  }
  return false;
}

// ---------------------------------------------------------------- micro-batches
struct MicroBatch {
  std::string_view stream;
  std::int64_t number = 0;
};

// "name\nid = …\nrunId = …\nbatch = 7" (StreamExecution.getBatchDescriptionString); since 2.3 with <br/> for line ends.
std::optional<MicroBatch> ReadMicroBatch(std::string_view description) {
  constexpr std::string_view kBatch = "batch = ";
  const std::size_t run = description.find("runId = ");
  const std::size_t batch = run == std::string_view::npos ? run : description.find(kBatch, run);
  if (batch == std::string_view::npos) return std::nullopt;
  MicroBatch read;
  const char* const begin = description.data() + batch + kBatch.size();
  const auto [end, error] = std::from_chars(begin, description.data() + description.size(), read.number);
  if (error != std::errc() || read.number < 0) return std::nullopt;
  constexpr std::string_view kId = "id = ";
  const std::size_t id = description.find(kId);
  std::string_view name = description.substr(0, id);
  for (const std::string_view line_end : {std::string_view("<br/>"), std::string_view("\n")}) {
    while (name.ends_with(line_end)) name.remove_suffix(line_end.size());
  }
  if (name.empty()) {
    name = description.substr(id + kId.size());
    name = name.substr(0, name.find_first_of("<\n"));
  }
  read.stream = name;
  return read;
}

// A micro-batch is several executions, one around the others: the longest stands for it.
void FillMicroBatches(JobModel& model) {
  SqlTable& sql = model.sql_executions;
  std::map<std::pair<StringId, std::int64_t>, std::size_t> outermost;
  for (std::size_t row = 0; row < sql.size(); ++row) {
    if (!sql.description.Has(row)) continue;
    const std::optional<MicroBatch> batch = ReadMicroBatch(model.strings.Get(sql.description.Get(row)));
    if (!batch) continue;
    const StringId stream = model.strings.Intern(batch->stream);
    sql.stream.Set(row, stream);
    const auto [held, fresh] = outermost.emplace(std::pair(stream, batch->number), row);
    if (!fresh && sql.duration.Get(row) > sql.duration.Get(held->second)) held->second = row;
  }
  for (const auto& [batch, row] : outermost) sql.batch.Set(row, batch.second);
}

}  // namespace

void DeriveSessions(JobModel& model) {
  model.app.interactive.Set(0, IsInteractive(model));
  FillMicroBatches(model);
}

}  // namespace advise::model
