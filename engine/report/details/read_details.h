// Makes the details of the report: one function a part.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/job_model.h"
#include "report/account_words.h"
#include "report/details/details.h"
#include "report/report.h"

namespace advise::report {

// The report is complete but for its details.
Details ReadDetails(const model::JobModel& model, const Report& report);

// ---------------------------------------------------------------- parts
// What all parts need of the run.
struct DetailsInput {
  const model::JobModel& model;
  const Report& report;
  std::int64_t start_ms = 0;                     // of the run, since the epoch
  std::vector<std::vector<int>> stage_findings;  // by row of the stages: numbers of the findings that are shown
  std::vector<std::vector<int>> query_findings;  // by row of the SQL executions
  std::vector<std::vector<int>> node_findings;   // by row of the plan nodes
};

std::vector<AccountDetail> ReadAccounts(const DetailsInput& input, const std::vector<StageDetail>& stages);
void ReadQueries(const DetailsInput& input, Details& details);
void ReadStages(const DetailsInput& input, Details& details);
// After the queries.
void ReadFolds(const DetailsInput& input, Details& details);
void ReadExecutors(const DetailsInput& input, Details& details);
// The final plan of an SQL execution into the detail of that query.
void ReadPlan(const DetailsInput& input, std::size_t row, const std::vector<StageDetail>& stages, QueryDetail& query);
// The tasks of one stage; nullopt: none ended.
std::optional<StageTasks> ReadStageTasks(const model::JobModel& model, model::StageRow stage);

// ---------------------------------------------------------------- words and names
std::string StageAnchor(const model::JobModel& model, model::StageRow stage);
// A value of a column printed, or nothing.
std::string PrintTime(const model::IntColumn& column, std::size_t row);
std::string PrintBytes(const model::IntColumn& column, std::size_t row);  // nothing for 0 too
std::string PrintCount(const model::IntColumn& column, std::size_t row);  // nothing for 0 too
std::string PrintShare(const model::RealColumn& column, std::size_t row);
// ms from the start of the run.
std::optional<std::int64_t> Since(const DetailsInput& input, const model::IntColumn& column, std::size_t row);

}  // namespace advise::report
