// Walks every column of a model that holds text and replaces it by kind: names first, so that messages can use them.
#include "anonymise/anonymise.h"

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include "anonymise/scrub.h"

namespace advise::anonymise {
namespace {

using model::JobModel;
using model::StrColumn;
using model::StrListColumn;

bool AllDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string LogName(std::size_t number) { return "log-" + std::to_string(number); }

// Replaces the texts of one model, column by column.
class ModelScrubber {
 public:
  explicit ModelScrubber(JobModel& model) : m_(model) {}

  void Run() {
    Collect();
    App();
    Properties();
    Jobs();
    Stages();
    Tasks();
    Executors();
    SqlExecutions();
    PlanNodes();
    Rest();
  }

 private:
  using Change = std::function<std::string(std::string_view)>;

  // Every text of the column through `change`; equal texts are changed once.
  void Each(StrColumn& column, const Change& change) {
    std::map<StringId, StringId> done;
    for (std::size_t row = 0; row < column.size(); ++row) {
      if (!column.Has(row)) continue;
      const StringId old = column.Get(row);
      auto it = done.find(old);
      if (it == done.end()) it = done.emplace(old, m_.strings.Intern(change(std::string(m_.strings.Get(old))))).first;
      column.Set(row, it->second);
    }
  }
  void Each(StrListColumn& column, const Change& change) {
    for (std::size_t row = 0; row < column.size(); ++row) {
      for (StringId& text : column.Mutable(row)) text = m_.strings.Intern(change(std::string(m_.strings.Get(text))));
    }
  }
  Change Named(NameKind kind) {
    return [this, kind](std::string_view text) { return names_.For(kind, text); };
  }
  // "name=value": the value alone is changed.
  static Change Values(const Change& change) {
    return [change](std::string_view text) {
      const std::size_t equals = text.find('=');
      if (equals == std::string_view::npos) return change(text);
      return std::string(text.substr(0, equals + 1)) + change(text.substr(equals + 1));
    };
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

  void App() {
    Each(m_.app.id, Named(NameKind::AppId));
    Each(m_.app.name, Named(NameKind::Application));
    Each(m_.app.user, Named(NameKind::User));
    Each(m_.app.master, [this](std::string_view text) { return ScrubSetting("spark.master", text, names_); });
  }

  void Properties() {
    for (auto* properties : {&m_.spark_properties, &m_.hadoop_properties, &m_.system_properties, &m_.jvm_information}) {
      for (auto& [key, value] : *properties) value = ScrubSetting(key, value, names_);
    }
  }

  void Jobs() {
    Each(m_.jobs.name, CallSites());
    Each(m_.jobs.call_site, CallSites());
    Each(m_.jobs.description, CallSites());
    Each(m_.jobs.failure, Messages());
    Each(m_.jobs.group, Named(NameKind::Group));
    Each(m_.jobs.tags, Named(NameKind::Tag));
    Each(m_.jobs.pool, Pools());
    Each(m_.jobs.killed_tasks_summary, Messages());
  }

  void Stages() {
    Each(m_.stages.name, CallSites());
    Each(m_.stages.call_site, CallSites());
    Each(m_.stages.description, CallSites());
    Each(m_.stages.details, [](std::string_view text) { return ScrubStack(text); });
    Each(m_.stages.failure_reason, Messages());
    Each(m_.stages.scheduling_pool, Pools());
    Each(m_.stages.killed_tasks_summary, Messages());
  }

  void Tasks() { Each(m_.tasks.failure, Messages()); }

  void Executors() {
    model::ExecutorTable& executors = m_.executors;
    Each(executors.id, [this](std::string_view id) {
      return AllDigits(id) || id == "driver" ? std::string(id) : names_.For(NameKind::Executor, id);
    });
    Each(executors.host_port, [this](std::string_view text) {
      const std::size_t colon = text.rfind(':');
      if (colon == std::string_view::npos || !AllDigits(text.substr(colon + 1)))
        return names_.For(NameKind::Host, text);
      return names_.For(NameKind::Host, text.substr(0, colon)) + std::string(text.substr(colon));
    });
    Each(executors.remove_reason, Messages());
    Each(executors.log_urls, Values([this](std::string_view url) { return names_.For(NameKind::Path, url); }));
    Each(executors.attributes, Values([this](std::string_view value) {
           return value.empty() ? std::string() : names_.For(NameKind::Name, value);
         }));
    Each(executors.resources, Values([this](std::string_view value) { return ScrubSetting("", value, names_); }));
    Each(m_.hosts.name, Named(NameKind::Host));
  }

  void SqlExecutions() {
    model::SqlTable& sql = m_.sql_executions;
    Each(sql.description, CallSites());
    Each(sql.details, [](std::string_view text) { return ScrubStack(text); });
    Each(sql.plan_description, Plans());
    Each(sql.error, Messages());
    Each(sql.modified_conf, [this](std::string_view text) {
      const std::size_t equals = text.find('=');
      if (equals == std::string_view::npos) return names_.For(NameKind::Name, text);
      const std::string_view key = text.substr(0, equals);
      return std::string(key) + "=" + ScrubSetting(key, text.substr(equals + 1), names_);
    });
  }

  void PlanNodes() {
    model::NodeTable& nodes = m_.plan_nodes;
    for (StrColumn* column : {&nodes.name, &nodes.simple_string, &nodes.keys, &nodes.condition, &nodes.pushed_filters,
                              &nodes.partition_filters, &nodes.read_schema, &nodes.partitioning, &nodes.format})
      Each(*column, Plans());
    Each(nodes.location, [this](std::string_view text) { return ScrubPaths(text, names_); });
  }

  void Rest() {
    Each(m_.cached_rdds.name, [this](std::string_view text) {
      const bool plan = text.find('#') != std::string_view::npos;
      const bool class_name = text.ends_with("RDD") && text.find_first_of(" /.") == std::string_view::npos;
      constexpr std::string_view kTable = "In-memory table ";
      if (text.starts_with(kTable))
        return std::string(kTable) + names_.For(NameKind::Table, text.substr(kTable.size()));
      return plan ? ScrubPlan(text, names_) : class_name ? std::string(text) : names_.For(NameKind::Label, text);
    });
    Each(m_.incidents.message, Messages());
    Accumulators(m_.stage_accumulators);
    Accumulators(m_.task_accumulators);
    // What the derive steps needed and no output shows.
    m_.raw_sql.clear();
    m_.raw_sql.resize(m_.sql_executions.size());
    m_.rdds.clear();
  }

  // Named by the user's code; their values may be texts.
  void Accumulators(std::vector<model::UserAccumulator>& accumulators) {
    const auto change = [this](StringId& text) {
      if (text == StringId::None) return;
      text = m_.strings.Intern(ScrubSetting("", std::string(m_.strings.Get(text)), names_));
    };
    for (model::UserAccumulator& accumulator : accumulators) {
      for (StringId* text : {&accumulator.name, &accumulator.update, &accumulator.value}) change(*text);
    }
  }

  Change CallSites() {
    return [this](std::string_view text) { return text.empty() ? std::string() : ScrubCallSite(text, names_); };
  }
  Change Messages() {
    return [this](std::string_view text) { return ScrubMessage(text, names_); };
  }
  Change Plans() {
    return [this](std::string_view text) { return ScrubPlan(text, names_); };
  }
  Change Pools() {
    return [this](std::string_view text) {
      return text == "default" ? std::string(text) : names_.For(NameKind::Pool, text);
    };
  }

  JobModel& m_;
  Pseudonyms names_;
};

// "line 17", "stage 3.0", "148 at once on 128 slots" name nothing; other examples may hold file names.
bool IsPlainExample(std::string_view example) {
  for (const std::string_view start : {"line ", "stage ", "job ", "SQL execution "}) {
    if (example.starts_with(start)) return true;
  }
  return example.find(" at once on ") != std::string_view::npos;
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
  for (model::IngestNote& note : log.notes) {
    if (!IsPlainExample(note.example)) note.example.clear();
  }
}

std::string WithoutPath(std::string_view message, std::string_view path, std::size_t number) {
  std::string text(message);
  ReplaceAll(text, path, LogName(number));
  const std::size_t slash = path.find_last_of("/!");
  if (slash != std::string_view::npos) ReplaceAll(text, path.substr(slash + 1), LogName(number));
  return text;
}

}  // namespace advise::anonymise
