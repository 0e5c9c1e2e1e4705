// The environments in order of detection: a platform comes before the cluster manager that it runs on. To add one,
// write its test and add one row.
#include <array>
#include <string_view>

#include "ingest/environments/environment.h"

namespace advise::ingest {
namespace {

using model::Environment;
using model::JobModel;

bool HasPropertyPrefix(const JobModel& model, std::string_view prefix) {
  const auto at = model.spark_properties.lower_bound(prefix);
  return at != model.spark_properties.end() && std::string_view(at->first).substr(0, prefix.size()) == prefix;
}

bool MasterStartsWith(const JobModel& model, std::string_view prefix) {
  return model.SparkProperty("spark.master").value_or("").substr(0, prefix.size()) == prefix;
}

// The master may be redacted or missing; cluster managers give ids of their own form.
bool AppIdStartsWith(const JobModel& model, std::string_view prefix) {
  if (model.SparkProperty("spark.master")) return false;
  std::string_view id = model.SparkProperty("spark.app.id").value_or("");
  if (model.app.id.Has(0)) id = model.strings.Get(model.app.id.Get(0));
  return id.substr(0, prefix.size()) == prefix;
}

bool AnyPathContains(const JobModel& model, std::string_view part) {
  for (const std::string_view key :
       {"spark.driver.extraClassPath", "spark.executor.extraClassPath", "spark.driver.extraLibraryPath"}) {
    if (model.SparkProperty(key).value_or("").find(part) != std::string_view::npos) return true;
  }
  return false;
}

// ------------------------------------------------------------ one pair of functions an environment
bool IsDatabricks(const JobModel& model, const EnvironmentHints& hints) {
  return hints.databricks || HasPropertyPrefix(model, "spark.databricks.clusterUsageTags.");
}
std::string DatabricksVersion(const JobModel& model) {
  return std::string(model.SparkProperty("spark.databricks.clusterUsageTags.sparkVersion").value_or(""));
}

bool IsEmr(const JobModel& model, const EnvironmentHints& hints) {
  const std::string_view version =
      model.app.spark.Has(0) ? model.strings.Get(model.app.spark.Get(0)) : std::string_view();
  return hints.emr || version.find("-amzn") != std::string_view::npos || AnyPathContains(model, "/usr/share/aws/emr");
}
std::string EmrVersion(const JobModel& model) {
  return std::string(model.SparkProperty("spark.emr.default.executor.releaseLabel").value_or(""));
}

bool IsDataproc(const JobModel& model, const EnvironmentHints&) { return HasPropertyPrefix(model, "spark.dataproc."); }
bool IsKubernetes(const JobModel& model, const EnvironmentHints&) {
  return MasterStartsWith(model, "k8s") || HasPropertyPrefix(model, "spark.kubernetes.driver.pod.name");
}
bool IsYarn(const JobModel& model, const EnvironmentHints&) {
  return MasterStartsWith(model, "yarn") || AppIdStartsWith(model, "application_");
}
// One process for driver and tasks: local, local[4]. Spark's local-cluster[n,c,m] is none: it starts a standalone master
// and workers on one machine, whose executors are processes with heaps of their own.
bool IsLocalCluster(const JobModel& model) { return MasterStartsWith(model, "local-cluster"); }
bool IsLocal(const JobModel& model, const EnvironmentHints&) {
  return !IsLocalCluster(model) && (MasterStartsWith(model, "local") || AppIdStartsWith(model, "local-"));
}
bool IsStandalone(const JobModel& model, const EnvironmentHints&) {
  return IsLocalCluster(model) || MasterStartsWith(model, "spark://") || AppIdStartsWith(model, "app-");
}
std::string NoVersion(const JobModel&) { return {}; }

struct Row {
  Environment environment;
  bool (*is)(const JobModel&, const EnvironmentHints&);
  std::string (*version)(const JobModel&);
};
constexpr std::array<Row, 7> kRows{{
    {Environment::Databricks, IsDatabricks, DatabricksVersion},
    {Environment::Emr, IsEmr, EmrVersion},
    {Environment::Dataproc, IsDataproc, NoVersion},
    {Environment::Kubernetes, IsKubernetes, NoVersion},
    {Environment::Yarn, IsYarn, NoVersion},
    {Environment::Local, IsLocal, NoVersion},
    {Environment::Standalone, IsStandalone, NoVersion},
}};

}  // namespace

DetectedEnvironment DetectEnvironment(const model::JobModel& model, const EnvironmentHints& hints) {
  for (const Row& row : kRows) {
    if (row.is(model, hints)) return {row.environment, row.version(model)};
  }
  return {};
}

}  // namespace advise::ingest
