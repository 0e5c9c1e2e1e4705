// The stage attempts that ran. A page holds the rows of several hundred and the inside of some: those that matter most.
#include <algorithm>
#include <tuple>

#include "report/details/read_details.h"
#include "report/facts.h"
#include "report/words.h"
#include "support/format.h"
#include "support/saturating.h"

namespace advise::report {
namespace {

constexpr std::size_t kMostStages = 400;
constexpr std::size_t kInside = 60;

std::string Status(const model::StageTable& stages, std::size_t row) {
  switch (stages.status.Get(row)) {
    case model::StageStatus::Failed: return "failed";
    case model::StageStatus::Active: return "no end in the log";
    default: return "";
  }
}

// Bytes of two columns; nothing for none.
std::string PrintSum(const model::IntColumn& a, const model::IntColumn& b, std::size_t row) {
  const std::int64_t sum = SaturatingAdd(a.Has(row) ? a.Get(row) : 0, b.Has(row) ? b.Get(row) : 0);
  return sum > 0 ? FormatBytes(sum) : "";
}

StageDetail DescribeStage(const DetailsInput& input, std::size_t row) {
  const model::JobModel& model = input.model;
  const model::StageTable& stages = model.stages;
  const model::StageRow stage(row);
  StageDetail detail;
  detail.row = static_cast<std::uint32_t>(row);
  detail.key = model.strings.Get(stages.key.Get(row));
  detail.label = LowerFirst(StageLabel(model, stage));
  detail.anchor = StageAnchor(model, stage);
  detail.purpose = StagePurpose(model, stage);
  if (stages.sql_execution.Has(row))
    detail.query = "q" + std::to_string(model.sql_executions.id.Get(stages.sql_execution.Get(row).index));
  detail.reads_shuffle = stages.shuffle_read_bytes.Has(row) && stages.shuffle_read_bytes.Get(row) > 0;
  detail.status = Status(stages, row);
  detail.start_ms = Since(input, stages.first_launch, row);
  detail.end_ms = Since(input, stages.last_finish, row);
  detail.time = PrintTime(stages.duration, row);
  detail.critical_ms = stages.critical_time.Has(row) ? stages.critical_time.Get(row) : 0;
  detail.critical = detail.critical_ms > 0 ? FormatTime(detail.critical_ms) : "";
  const std::int64_t done = stages.completed_indices.Has(row) ? stages.completed_indices.Get(row) : 0;
  if (stages.task_count.Has(row)) {
    const std::int64_t all = stages.task_count.Get(row);
    detail.tasks = done == all ? FormatCount(all) : FormatCount(done) + " of " + FormatCount(all);
  } else {
    detail.tasks = FormatCount(done);
  }
  detail.failed = PrintCount(stages.failed_tasks, row);
  detail.read = PrintSum(stages.input_bytes, stages.shuffle_read_bytes, row);
  detail.written = PrintSum(stages.output_bytes, stages.shuffle_write_bytes, row);
  detail.spill = PrintBytes(stages.spill_bytes, row);
  detail.gc = PrintShare(stages.gc_share, row);
  detail.findings = input.stage_findings[row];
  return detail;
}

struct Weight {
  std::size_t row = 0;
  bool finding = false;
  std::int64_t critical_ms = 0;
  std::int64_t run_ms = 0;
};
// With a finding, then by its part of the critical path, then by the work in it.
bool MattersMore(const Weight& a, const Weight& b) {
  return std::tuple(b.finding, b.critical_ms, b.run_ms, a.row) < std::tuple(a.finding, a.critical_ms, a.run_ms, b.row);
}

}  // namespace

void ReadStages(const DetailsInput& input, Details& details) {
  const model::StageTable& stages = input.model.stages;
  std::vector<Weight> weights;
  for (std::size_t row = 0; row < stages.size(); ++row) {
    if (!stages.submitted_flag.Get(row)) continue;
    weights.push_back({row, !input.stage_findings[row].empty(),
                       stages.critical_time.Has(row) ? stages.critical_time.Get(row) : 0,
                       stages.executor_run_time.Has(row) ? stages.executor_run_time.Get(row) : 0});
  }
  std::ranges::sort(weights, MattersMore);
  if (weights.size() > kMostStages) {
    details.more_stages = weights.size() - kMostStages;
    weights.resize(kMostStages);
  }
  std::size_t rank = 0;
  for (const Weight& weight : weights) {
    StageDetail detail = DescribeStage(input, weight.row);
    if (rank < kInside) detail.inside = ReadStageTasks(input.model, model::StageRow(weight.row));
    if (detail.inside) detail.rank = rank++;
    details.stages.push_back(std::move(detail));
  }
  // Those that never began come last.
  std::ranges::stable_sort(details.stages, [](const StageDetail& a, const StageDetail& b) {
    if (a.start_ms.has_value() != b.start_ms.has_value()) return a.start_ms.has_value();
    if (a.start_ms != b.start_ms) return *a.start_ms < *b.start_ms;
    return a.row < b.row;
  });
}

}  // namespace advise::report
