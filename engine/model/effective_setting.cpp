// Finds the sources of settings in a model.
#include "model/effective_setting.h"

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

}  // namespace

spark::EffectiveValue EffectiveSetting(const JobModel& model, std::string_view key, std::optional<SqlRow> query) {
  std::vector<spark::Property> session;
  if (query) session = SessionOf(model, *query);
  spark::SettingSources sources;
  if (model.has_environment) sources.application = &model.spark_properties;
  sources.session = session;
  sources.version = model.version;
  return spark::Effective(key, sources);
}

}  // namespace advise::model
