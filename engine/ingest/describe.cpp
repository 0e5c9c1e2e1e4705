// Counters of reading and columns of the model → LogInfo.
#include "ingest/describe.h"

#include "support/text.h"

namespace advise::ingest {
namespace {

std::string_view SeverityName(StatSeverity severity) {
  switch (severity) {
    case StatSeverity::Info: return "info";
    case StatSeverity::Notice: return "notice";
    case StatSeverity::DataLoss: return "data-loss";
  }
  return "";
}

}  // namespace

model::LogInfo Describe(const LogInput& input, const Ingested& run, const Selection& selection) {
  model::LogInfo info;
  info.path = input.display_path;
  info.selected = selection.Name();
  info.format = Name(input.layout);
  info.codec = Join(run.codecs, "+");
  const model::AppTable& app = run.model.app;
  if (app.spark.Has(0)) info.spark_version = std::string(run.model.strings.Get(app.spark.Get(0)));
  info.environment = model::EnumName(app.environment.Get(0));
  // Compaction leaves out finished jobs: what is there is whole, the run is not.
  info.complete =
      app.complete.Has(0) && app.complete.Get(0) && !run.interrupted && run.stats.count(Stat::Compacted) == 0;
  info.bytes = run.bytes;
  info.decoded_bytes = run.decoded_bytes;
  info.lines = run.lines;
  info.events = run.events;
  info.unknown_events = run.stats.count(Stat::UnknownEvent);
  for (const Stat bad :
       {Stat::TornLine, Stat::BadLine, Stat::ForeignLine, Stat::LongLine, Stat::DeepLine, Stat::DenseLine}) {
    info.bad_lines += run.stats.count(bad);
  }
  for (const StatInfo& stat : AllStats()) {
    const std::uint64_t count = run.stats.count(stat.id);
    if (count == 0) continue;
    info.notes.push_back({std::string(stat.code), std::string(SeverityName(stat.severity)), count,
                          std::string(stat.text), run.stats.example(stat.id)});
  }
  return info;
}

}  // namespace advise::ingest
