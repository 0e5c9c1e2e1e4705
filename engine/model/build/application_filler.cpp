// The application's row, its properties and resource profiles.
#include "model/build/application_filler.h"

#include <algorithm>
#include <string>

#include "model/build/cells.h"

namespace advise::model {

void ApplicationFiller::Fill(const LogStart& event) {
  model_.app.spark.Set(0, model_.strings.Intern(event.version));
  model_.version = ParseSparkVersion(event.version);
}

void ApplicationFiller::SetVersionHint(std::string_view version) {
  if (model_.app.spark.Has(0)) return;
  Fill(LogStart{version});
}

void ApplicationFiller::SetEnvironment(Environment environment, std::string_view platform_version) {
  model_.app.environment.Set(0, environment);
  if (!platform_version.empty()) model_.app.platform_version.Set(0, model_.strings.Intern(platform_version));
}

void ApplicationFiller::Fill(const ApplicationStart& event) {
  AppTable& app = model_.app;
  SetKnown(model_.strings, app.name, 0, event.name);
  SetKnown(model_.strings, app.id, 0, event.id);
  SetKnown(model_.strings, app.attempt, 0, event.attempt);
  SetKnown(model_.strings, app.user, 0, event.user);
  SetKnown(app.start, 0, event.time);
  SeeTime(app, event.time);
  if (event.driver_logs.empty() && event.driver_attributes.empty()) return;
  const ExecutorRow driver = rows_.Executor("driver");
  SetPairs(model_.strings, model_.executors.log_urls.Mutable(driver.index), event.driver_logs);
  SetPairs(model_.strings, model_.executors.attributes.Mutable(driver.index), event.driver_attributes);
}

void ApplicationFiller::Fill(const ApplicationEnd& event) {
  SetKnown(model_.app.end, 0, event.time);
  SetKnown(model_.app.exit_code, 0, event.exit_code);
  SeeTime(model_.app, event.time);
}

void ApplicationFiller::Fill(const EnvironmentUpdate& event) {
  model_.has_environment = true;
  const auto fill = [](Properties& properties, const TextPairs& pairs) {
    properties.clear();
    for (const auto& [key, value] : pairs) properties.insert_or_assign(std::string(key), std::string(value));
  };
  fill(model_.spark_properties, event.spark);
  fill(model_.hadoop_properties, event.hadoop);
  fill(model_.system_properties, event.system);
  fill(model_.jvm_information, event.jvm);
}

void ApplicationFiller::Fill(const ResourceProfileAdded& event) {
  RawResourceProfile profile;
  profile.id = event.id;
  for (const auto& [name, amount] : event.executor) profile.executor.push_back({model_.strings.Intern(name), amount});
  for (const auto& [name, amount] : event.task) profile.task.push_back({model_.strings.Intern(name), amount});
  std::erase_if(model_.resource_profiles, [&event](const RawResourceProfile& p) { return p.id == event.id; });
  model_.resource_profiles.push_back(std::move(profile));
}

void ApplicationFiller::Finish() {
  AppTable& app = model_.app;
  if (app.start.Has(0)) app.first_event.Set(0, app.start.Get(0));
  if (!app.environment.Has(0)) app.environment.Set(0, Environment::Unknown);
  if (const std::optional<std::string_view> master = model_.SparkProperty("spark.master"))
    app.master.Set(0, model_.strings.Intern(*master));
  const std::int64_t end = app.end.Has(0) ? app.end.Get(0) : app.last_event.Get(0);
  if (app.first_event.Has(0) && end != kMissing)
    app.duration.Set(0, std::max<std::int64_t>(0, end - app.first_event.Get(0)));
}

}  // namespace advise::model
