// Where an application ran, told from what its log holds.
#pragma once

#include <string>

#include "model/job_model.h"

namespace advise::ingest {

// What only the event stream shows.
struct EnvironmentHints {
  bool databricks = false;  // a DBCEventLoggingListenerMetadata line
  bool emr = false;         // EMR's own events
};

struct DetectedEnvironment {
  model::Environment environment = model::Environment::Unknown;
  std::string platform_version;  // empty: the platform states none
};

// First row of the ordered list in environment_table.cpp that recognises the log. The model is raw: only what the builder fills
// while reading (properties, app id, version) may be used.
DetectedEnvironment DetectEnvironment(const model::JobModel& model, const EnvironmentHints& hints);

}  // namespace advise::ingest
