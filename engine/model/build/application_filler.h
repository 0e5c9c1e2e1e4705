// The application's row, its properties and resource profiles.
#pragma once

#include <string_view>

#include "model/build/rows_by_id.h"
#include "model/job_model.h"
#include "model/raw_events.h"

namespace advise::model {

class ApplicationFiller {
 public:
  ApplicationFiller(JobModel& model, RowsById& rows) : model_(model), rows_(rows) {}

  void Fill(const LogStart& event);
  void Fill(const ApplicationStart& event);
  void Fill(const ApplicationEnd& event);
  void Fill(const EnvironmentUpdate& event);
  void Fill(const ResourceProfileAdded& event);
  void SetEnvironment(Environment environment, std::string_view platform_version);
  // Unless a version is known.
  void SetVersionHint(std::string_view version);

  // With all events told.
  void Finish();

 private:
  JobModel& model_;
  RowsById& rows_;
};

}  // namespace advise::model
