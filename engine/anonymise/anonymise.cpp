// Walks every column of a model that holds text and replaces it by kind: names first, so that messages can use them.
#include "anonymise/anonymise.h"

#include <algorithm>
#include <array>
#include <map>
#include <type_traits>
#include <utility>

#include "anonymise/scrub.h"
#include "anonymise/vocabulary.h"
#include "model/derive/failures.h"
#include "support/text.h"

namespace advise::anonymise {
namespace {

using model::JobModel;
using model::StrColumn;
using model::StrListColumn;

std::string LogName(std::size_t number) { return "log-" + std::to_string(number); }

// ---------------------------------------------------------------- what is done with the texts of a column
using Change = std::string (*)(std::string_view text, Pseudonyms& names);

// Made by advise itself, or one of Spark's closed words.
std::string Kept(std::string_view text, Pseudonyms& /*names*/) { return std::string(text); }
template <NameKind kKind>
std::string Named(std::string_view text, Pseudonyms& names) {
  return names.For(kKind, text);
}
template <NameKind kKind>
std::string NumberOrNamed(std::string_view text, Pseudonyms& names) {
  return AllDigits(text) ? std::string(text) : names.For(kKind, text);
}
std::string Master(std::string_view text, Pseudonyms& names) { return ScrubSetting("spark.master", text, names); }
std::string Version(std::string_view text, Pseudonyms& /*names*/) { return ScrubVersion(text); }
std::string CallSite(std::string_view text, Pseudonyms& names) {
  return text.empty() ? std::string() : ScrubCallSite(text, names);
}
std::string Stack(std::string_view text, Pseudonyms& /*names*/) { return ScrubStack(text); }
std::string Pool(std::string_view text, Pseudonyms& names) {
  return text == "default" ? std::string(text) : names.For(NameKind::Pool, text);
}
std::string ExecutorId(std::string_view text, Pseudonyms& names) {
  return text == "driver" ? std::string(text) : NumberOrNamed<NameKind::Executor>(text, names);
}
// "host:port"
std::string HostPort(std::string_view text, Pseudonyms& names) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !AllDigits(text.substr(colon + 1))) return names.For(NameKind::Host, text);
  return names.For(NameKind::Host, text.substr(0, colon)) + std::string(text.substr(colon));
}
// "name=value"; names of log files, executor attributes and resources are Spark's, YARN's or the user's.
template <Change kChange>
std::string NamedValue(std::string_view text, Pseudonyms& names) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return kChange(text, names);
  const std::string_view name = text.substr(0, equals);
  const std::string_view value = text.substr(equals + 1);
  return (IsAttributeName(name) ? std::string(name) : names.For(NameKind::Name, name)) + "=" +
         (value.empty() ? std::string() : kChange(value, names));
}
std::string PlainSetting(std::string_view text, Pseudonyms& names) { return ScrubSetting("", text, names); }
// "key=value"
std::string ConfPair(std::string_view text, Pseudonyms& names) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return names.For(NameKind::Name, text);
  const std::string_view key = text.substr(0, equals);
  return ScrubSettingKey(key, names) + "=" + ScrubSetting(key, text.substr(equals + 1), names);
}
// A cached table has its plan for a name, an RDD its class or what the user called it.
std::string RddName(std::string_view text, Pseudonyms& names) {
  constexpr std::string_view kTable = "In-memory table ";
  if (text.starts_with(kTable)) return std::string(kTable) + names.For(NameKind::Table, text.substr(kTable.size()));
  if (text.find('#') != std::string_view::npos) return ScrubPlan(text, names);
  return IsRddClass(text) ? std::string(text) : names.For(NameKind::Label, text);
}
// model/derive/gaps.cpp words it; the name of a job's stage stands in brackets at the end.
std::string GapEvidence(std::string_view text, Pseudonyms& names) {
  constexpr std::string_view kFiles = " wrote files (";
  const std::size_t at = text.find(kFiles);
  if (at == std::string_view::npos || !text.ends_with(')')) return std::string(text);
  const std::size_t begin = at + kFiles.size();
  return std::string(text.substr(0, begin)) + CallSite(text.substr(begin, text.size() - begin - 1), names) + ")";
}

struct ColumnRule {
  std::string_view column;
  Change change;
};
// Every column of texts has a row: one without does not compile.
constexpr ColumnRule kColumns[] = {
    {"app.id", Named<NameKind::AppId>},
    {"app.name", Named<NameKind::Application>},
    {"app.attempt", NumberOrNamed<NameKind::Name>},
    {"app.user", Named<NameKind::User>},
    {"app.spark", Version},
    {"app.platform_version", Version},
    {"app.master", Master},
    {"jobs.name", CallSite},
    {"jobs.failure", ScrubMessage},
    {"jobs.failure_summary", ScrubMessage},
    {"jobs.description", CallSite},
    {"jobs.group", Named<NameKind::Group>},
    {"jobs.tags", Named<NameKind::Tag>},
    {"jobs.call_site", CallSite},
    {"jobs.pool", Pool},
    {"jobs.killed_tasks_summary", ScrubMessage},
    {"stages.key", Kept},
    {"stages.name", CallSite},
    {"stages.details", Stack},
    {"stages.description", CallSite},
    {"stages.call_site", CallSite},
    {"stages.failure_reason", ScrubMessage},
    {"stages.failure_summary", ScrubMessage},
    {"stages.lineage_fingerprint", Kept},
    {"stages.source_fingerprint", Kept},
    {"stages.source_rdd", RddName},
    {"stages.scheduling_pool", Pool},
    {"stages.killed_tasks_summary", ScrubMessage},
    {"tasks.failure", ScrubMessage},
    {"tasks.failure_summary", ScrubMessage},
    {"executors.id", ExecutorId},
    {"executors.host_port", HostPort},
    {"executors.remove_reason", ScrubMessage},
    {"executors.log_urls", NamedValue<Named<NameKind::Path>>},
    {"executors.attributes", NamedValue<Named<NameKind::Name>>},
    {"executors.resources", NamedValue<PlainSetting>},
    {"hosts.name", Named<NameKind::Host>},
    {"sql_executions.description", CallSite},
    {"sql_executions.details", Stack},
    {"sql_executions.plan_description", ScrubPlan},
    {"sql_executions.error", ScrubMessage},
    {"sql_executions.stream", Named<NameKind::Name>},
    {"sql_executions.modified_conf", ConfPair},
    {"plan_nodes.name", ScrubPlan},
    {"plan_nodes.simple_string", ScrubPlan},
    {"plan_nodes.keys", ScrubPlan},
    {"plan_nodes.mode", Kept},
    {"plan_nodes.type", Kept},
    {"plan_nodes.build_side", Kept},
    {"plan_nodes.condition", ScrubPlan},
    {"plan_nodes.subtree", Kept},
    {"sql_executions.plan_shape", Kept},
    {"plan_nodes.format", ScrubPlan},
    {"plan_nodes.location", ScrubPaths},
    {"plan_nodes.pushed_filters", ScrubPlan},
    {"plan_nodes.partition_filters", ScrubPlan},
    {"plan_nodes.read_schema", ScrubPlan},
    {"plan_nodes.partitioning", ScrubPlan},
    {"plan_nodes.metric_names", ScrubMetricName},
    {"shuffles.side", Kept},
    {"gaps.evidence", GapEvidence},
    {"gaps.account_part", Kept},
    {"cached_rdds.name", RddName},
    {"cached_rdds.storage_level", Kept},
    {"incidents.source", Kept},
    {"incidents.message", ScrubMessage},
};

template <class Column>
constexpr bool kIsText = std::is_same_v<Column, StrColumn> || std::is_same_v<Column, StrListColumn>;

constexpr Change ChangeOf(std::string_view column) {
  for (const ColumnRule& rule : kColumns) {
    if (rule.column == column) return rule.change;
  }
  return nullptr;
}

// ---------------------------------------------------------------- one model
class ModelScrubber {
 public:
  explicit ModelScrubber(JobModel& model) : m_(model) {}

  void Run() {
    Collect();
    Columns();
    Summaries();
    for (auto* properties : {&m_.spark_properties, &m_.hadoop_properties, &m_.system_properties, &m_.jvm_information})
      Scrub(*properties);
    for (model::NodeMetric& metric : m_.node_metrics) {
      Scrub(metric.name, ScrubMetricName);
      Scrub(metric.type, ScrubMetricType);
    }
    // Named by the user's code; their values may be texts.
    for (auto* accumulators : {&m_.stage_accumulators, &m_.task_accumulators}) {
      for (model::UserAccumulator& accumulator : *accumulators) {
        for (StringId* text : {&accumulator.name, &accumulator.update, &accumulator.value}) Scrub(*text, PlainSetting);
      }
    }
    // What the derive steps needed and no output shows.
    m_.raw_sql.clear();
    m_.raw_sql.resize(m_.sql_executions.size());
    m_.rdds.clear();
    m_.resource_profiles.clear();
  }

 private:
  void Scrub(StringId& text, Change change) {
    if (text != StringId::None) text = m_.strings.Intern(change(std::string(m_.strings.Get(text)), names_));
  }
  void Scrub(model::Properties& properties) {
    model::Properties scrubbed;
    for (const auto& [key, value] : properties)
      scrubbed.emplace(ScrubSettingKey(key, names_), ScrubSetting(key, value, names_));
    properties = std::move(scrubbed);
  }
  template <class Numbers>
  void Scrub(Numbers& /*column*/, Change /*change*/) {}
  // Every text of the column through `change`; equal texts are changed once.
  void Scrub(StrColumn& column, Change change) {
    std::map<StringId, StringId> done;
    for (std::size_t row = 0; row < column.size(); ++row) {
      if (!column.Has(row)) continue;
      const auto [it, fresh] = done.emplace(column.Get(row), column.Get(row));
      if (fresh) Scrub(it->second, change);
      column.Set(row, it->second);
    }
  }
  void Scrub(StrListColumn& column, Change change) {
    for (std::size_t row = 0; row < column.size(); ++row) {
      for (StringId& text : column.Mutable(row)) Scrub(text, change);
    }
  }

  void Columns() {
#define ADVISE_SCRUB(name, Column, unit, since, scope, missing, doc)                            \
  static_assert(!kIsText<decltype(table.name)> || ChangeOf(ADVISE_TABLE_NAME #name) != nullptr, \
                "kColumns must say how the texts of " ADVISE_TABLE_NAME #name " are replaced"); \
  Scrub(table.name, ChangeOf(ADVISE_TABLE_NAME #name));
#define ADVISE_TABLE_NAME "app."
    {
      auto& table = m_.app;
      ADVISE_APP_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "jobs."
    {
      auto& table = m_.jobs;
      ADVISE_JOB_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "stages."
    {
      auto& table = m_.stages;
      ADVISE_STAGE_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "tasks."
    {
      auto& table = m_.tasks;
      ADVISE_TASK_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "executors."
    {
      auto& table = m_.executors;
      ADVISE_EXECUTOR_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "hosts."
    {
      auto& table = m_.hosts;
      ADVISE_HOST_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "sql_executions."
    {
      auto& table = m_.sql_executions;
      ADVISE_SQL_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "plan_nodes."
    {
      auto& table = m_.plan_nodes;
      ADVISE_NODE_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "shuffles."
    {
      auto& table = m_.shuffles;
      ADVISE_SHUFFLE_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "gaps."
    {
      auto& table = m_.gaps;
      ADVISE_GAP_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "cached_rdds."
    {
      auto& table = m_.cached_rdds;
      ADVISE_CACHED_RDD_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#define ADVISE_TABLE_NAME "incidents."
    {
      auto& table = m_.incidents;
      ADVISE_INCIDENT_COLUMNS(ADVISE_SCRUB)
    }
#undef ADVISE_TABLE_NAME
#undef ADVISE_SCRUB
  }

  // A summary leaves the package of an exception out, and with it what tells a public one from the user's: it is made
  // anew of the message that was scrubbed.
  void Summaries() {
    const auto summarise = [this](const StrColumn& failure, StrColumn& summary) {
      for (std::size_t row = 0; row < summary.size(); ++row) {
        if (failure.Has(row) && summary.Has(row))
          summary.Set(row, m_.strings.Intern(model::SummaryOfFailure(std::string(TextAt(failure, row)))));
      }
    };
    summarise(m_.jobs.failure, m_.jobs.failure_summary);
    summarise(m_.stages.failure_reason, m_.stages.failure_summary);
    summarise(m_.tasks.failure, m_.tasks.failure_summary);
  }

  std::string_view TextAt(const StrColumn& column, std::size_t row) {
    return column.Has(row) ? m_.strings.Get(column.Get(row)) : std::string_view();
  }

  // All names first: a message that comes early may hold a name that is known for certain only later.
  void Collect() {
    for (std::size_t i = 0; i < m_.hosts.size(); ++i) names_.For(NameKind::Host, TextAt(m_.hosts.name, i));
    for (const auto& [column, kind] :
         {std::pair(&m_.app.id, NameKind::AppId), std::pair(&m_.app.name, NameKind::Application),
          std::pair(&m_.app.user, NameKind::User)}) {
      if (column->Has(0)) names_.For(kind, TextAt(*column, 0));
    }
    const model::NodeTable& nodes = m_.plan_nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (nodes.location.Has(i)) ScrubPaths(TextAt(nodes.location, i), names_);  // so that they have the first numbers
      CollectTable(TextAt(nodes.name, i), names_);
      CollectTable(TextAt(nodes.simple_string, i), names_);
      CollectPlanNames(TextAt(nodes.simple_string, i), names_);
      CollectPlanNames(TextAt(nodes.condition, i), names_);
      CollectPlanNames(TextAt(nodes.partition_filters, i), names_);
      CollectSchemaNames(TextAt(nodes.read_schema, i), names_);
    }
    for (std::size_t i = 0; i < m_.cached_rdds.size(); ++i) CollectPlanNames(TextAt(m_.cached_rdds.name, i), names_);
  }

  JobModel& m_;
  Pseudonyms names_;
};

// "line 17", "stage 3.0", "part 2", "148 at once on 128 slots" name nothing; other examples may hold names of files.
bool IsPlainExample(std::string_view example) {
  constexpr std::array<std::string_view, 10> kWords = {"line",      "stage", "job",  "part", "SQL",
                                                       "execution", "at",    "once", "on",   "slots"};
  while (!example.empty()) {
    const std::size_t end = example.find(' ');
    const std::string_view word = example.substr(0, end);
    const bool number = std::ranges::all_of(word, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    if (!number && std::ranges::find(kWords, word) == kWords.end()) return false;
    example = end == std::string_view::npos ? std::string_view() : example.substr(end + 1);
  }
  return true;
}

void ReplaceAll(std::string& text, std::string_view from, const std::string& to) {
  if (from.empty()) return;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

void Anonymise(JobModel& model, model::LogInfo& log, std::size_t number) {
  ModelScrubber(model).Run();
  log.path = LogName(number);
  if (log.spark_version) log.spark_version = ScrubVersion(*log.spark_version);
  for (model::IngestNote& note : log.notes) {
    if (!IsPlainExample(note.example)) note.example.clear();
  }
}

std::string WithoutPath(std::string_view help, std::string_view path, std::size_t number) {
  std::string text(help);
  ReplaceAll(text, path, LogName(number));
  const std::size_t slash = path.find_last_of("/!");
  if (slash != std::string_view::npos) ReplaceAll(text, path.substr(slash + 1), LogName(number));
  return text;
}

std::string AnonymousMessage(std::string_view message, std::string_view path, std::size_t number) {
  std::string text = WithoutPath(message, path, number);
  // Members of archives and files of folders stand in backticks, and may hold such themselves.
  const std::size_t open = text.find('`');
  const std::size_t close = text.rfind('`');
  if (open != close) text.replace(open, close - open + 1, "`" + LogName(number) + "`");
  return text;
}

}  // namespace advise::anonymise
