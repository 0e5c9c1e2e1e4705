// Finds the sources of settings in a model.
#include "model/effective_setting.h"

#include <algorithm>
#include <vector>

namespace advise::model {
namespace {

// "key=value" each.
std::vector<spark::Property> SessionOf(const JobModel& model, SqlRow query) {
  std::vector<spark::Property> session;
  for (const StringId id : model.sql_executions.modified_conf.Get(query.index)) {
    const std::string_view text = model.strings.Get(id);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) session.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return session;
}

// Whether an empty list of session settings means that there were none: SQLExecutionStart has them since 3.3.
bool WritesSessions(const JobModel& model, SqlRow query) {
  constexpr int kSince = 33;
  return model.version.known && model.version.since_code() >= kSince && model.sql_executions.start.Has(query.index);
}

}  // namespace

spark::EffectiveValue EffectiveSetting(const JobModel& model, std::string_view key, std::optional<SqlRow> query) {
  std::vector<spark::Property> session;
  if (query) session = SessionOf(model, *query);
  const bool session_known = !query || !session.empty() || WritesSessions(model, *query);
  spark::SettingSources sources;
  if (model.has_environment) sources.application = &model.spark_properties;
  sources.session = session;
  sources.session_known = session_known;
  sources.version = model.version;
  return spark::Effective(key, sources);
}

std::optional<SqlRow> QueryOf(const JobModel& model, Entity entity, std::uint32_t row) {
  const auto in = [](const auto& column, std::uint32_t at) -> std::optional<SqlRow> {
    if (!column.Has(at)) return std::nullopt;
    return column.Get(at);
  };
  const auto of_stage = [&](const auto& column) -> std::optional<SqlRow> {
    if (!column.Has(row)) return std::nullopt;
    return in(model.stages.sql_execution, column.Get(row).index);
  };
  switch (entity) {
    case Entity::SqlExecution: return SqlRow(row);
    case Entity::PlanNode: return in(model.plan_nodes.sql_execution, row);
    case Entity::Stage: return in(model.stages.sql_execution, row);
    case Entity::Job: return in(model.jobs.sql_execution, row);
    case Entity::Task: return of_stage(model.tasks.stage);
    case Entity::Shuffle: return of_stage(model.shuffles.to);
    default: return std::nullopt;
  }
}

spark::EffectiveValue EffectiveSetting(const JobModel& model, std::string_view key, Entity entity,
                                       std::span<const std::uint32_t> rows) {
  std::vector<std::optional<SqlRow>> queries;
  for (const std::uint32_t row : rows) queries.push_back(QueryOf(model, entity, row));
  std::ranges::sort(queries);
  queries.erase(std::unique(queries.begin(), queries.end()), queries.end());
  if (queries.empty()) return EffectiveSetting(model, key);
  spark::EffectiveValue value = EffectiveSetting(model, key, queries.front());
  for (const std::optional<SqlRow>& query : std::span(queries).subspan(1)) {
    const spark::EffectiveValue other = EffectiveSetting(model, key, query);
    const bool same = other.number || value.number ? other.number == value.number : other.text == value.text;
    if (same) continue;
    value = {};
    value.key = key;
    value.origin = spark::ValueOrigin::Session;
    value.why = spark::NoValue::Differs;
    return value;
  }
  return value;
}

}  // namespace advise::model
