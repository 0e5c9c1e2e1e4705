// The first line in five lengths: name and size of the cluster go first where the page is narrow.
#include "report/headline.h"

#include <initializer_list>
#include <string_view>

#include "report/log_state.h"
#include "report/words.h"
#include "support/clean_text.h"
#include "support/format.h"
#include "support/saturating.h"

namespace advise::report {
namespace {

std::string PlatformName(model::Environment environment) {
  switch (environment) {
    case model::Environment::Emr: return "EMR";
    case model::Environment::Databricks: return "Databricks";
    case model::Environment::Dataproc: return "Dataproc";
    case model::Environment::Yarn: return "YARN";
    case model::Environment::Kubernetes: return "Kubernetes";
    case model::Environment::Standalone: return "standalone";
    case model::Environment::Local: return "local";
    case model::Environment::Unknown: return "";
  }
  return "";
}

struct HeadlineParts {
  std::string file;
  std::string name;
  std::string selected;    // "SQL execution 7"
  std::string platform;    // "Spark 3.5.3, Dataproc"
  std::string size;        // "8 executors × 16 slots"
  std::string size_short;  // "8 × 16 slots"
  std::string time;        // "1m57s, log complete"
};

std::string TimeText(const Report& report) {
  const LogState state = LogStateOf(report);
  const bool open = !report.app.end_ms;
  // A log of one moment says nothing about how long the application took.
  const bool timed = report.app.duration_ms && (*report.app.duration_ms > 0 || (report.app.start_ms && !open));
  std::string text = timed ? (open ? "≥ " : "") + FormatTime(*report.app.duration_ms) : "duration unknown";
  text += state == LogState::Open ? ", log without end" : ", log " + std::string(LogStateName(state));
  return text + (report.app.failed ? "  FAILED" : "");
}

HeadlineParts ReadHeadline(const Report& report, const model::JobModel& model) {
  HeadlineParts parts;
  parts.file = FileName(report.log.path);
  if (report.app.name) parts.name = CleanText(*report.app.name, 40);
  parts.platform =
      report.log.spark_version ? "Spark " + CleanText(*report.log.spark_version, 30) : "Spark version unknown";
  const std::string platform = PlatformName(model.app.environment.Get(0));
  if (!platform.empty()) parts.platform += ", " + platform;
  const std::int64_t executors = model.app.max_executors.Has(0) ? model.app.max_executors.Get(0) : 0;
  const std::int64_t per_executor = model.app.slots_per_executor.Has(0) ? model.app.slots_per_executor.Get(0) : 0;
  if (report.app.slots && executors > 1 && SaturatingMultiply(executors, per_executor) == *report.app.slots) {
    parts.size =
        FormatCount(executors) + " executors × " + FormatCount(per_executor) + (per_executor == 1 ? " slot" : " slots");
    parts.size_short =
        FormatCount(executors) + " × " + FormatCount(per_executor) + (per_executor == 1 ? " slot" : " slots");
  } else if (report.app.slots) {
    // No executor states its cores: so many tasks ran at once.
    const std::string bound = model.ledger.slots_observed ? "≥ " : "";
    parts.size = parts.size_short =
        bound + FormatCount(*report.app.slots) + (*report.app.slots == 1 ? " slot" : " slots");
  }
  parts.selected = report.log.selected;
  parts.time = TimeText(report);
  return parts;
}

}  // namespace

std::vector<std::string> MakeHeadline(const Report& report, const model::JobModel& model) {
  const HeadlineParts p = ReadHeadline(report, model);
  const auto line = [](std::initializer_list<std::string_view> columns) {
    std::string text;
    for (const std::string_view column : columns) {
      if (!column.empty()) text.append(text.empty() ? "" : "  ").append(column);
    }
    return text;
  };
  const auto with = [](const std::string& platform, const std::string& size) {
    return size.empty() ? platform : platform + ", " + size;
  };
  return {line({p.file, p.name, p.selected, with(p.platform, p.size), p.time}),
          line({p.file, p.selected, with(p.platform, p.size), p.time}),
          line({p.file, p.selected, with(p.platform, p.size_short), p.time}),
          line({p.file, p.selected, p.platform, p.time}), line({Shorten(p.file, 24), p.selected, p.platform, p.time})};
}

}  // namespace advise::report
