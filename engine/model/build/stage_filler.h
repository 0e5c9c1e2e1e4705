// Rows of jobs and stage attempts, and the RDDs that stages list.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "model/build/rows_by_id.h"
#include "model/job_model.h"
#include "model/raw_events.h"

namespace advise::model {

class StageFiller {
 public:
  StageFiller(JobModel& model, RowsById& rows) : model_(model), rows_(rows) {}

  void Fill(JobRow row, const JobStart& event);
  void Fill(JobRow row, const JobEnd& event);
  // A stage that the job's start describes, live and not submitted yet or again.
  void Announce(JobRow job, StageRow row, const StageInfo& info);
  // `jobs`: the live jobs that list it.
  void Fill(StageRow row, const StageSubmitted& event, std::span<const JobRow> jobs);
  void Fill(StageRow row, const StageCompleted& event);

  // With all events told and counted.
  void Finish();

 private:
  void FillInfo(StageRow row, const StageInfo& info);
  void Merge(const RddInfo& info);

  JobModel& model_;
  RowsById& rows_;
  std::vector<std::int64_t> sql_of_job_;        // by row of the job; kMissing: none
  std::map<std::int64_t, std::uint32_t> rdds_;  // id → index in model_.rdds, which Finish sorts
};

}  // namespace advise::model
