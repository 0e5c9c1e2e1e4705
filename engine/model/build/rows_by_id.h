// Spark's ids → rows of the tables, which are created on first mention.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/job_model.h"
#include "support/limits.h"

namespace advise::model {

class RowsById {
 public:
  // Stage attempts beyond the limits have no row.
  RowsById(JobModel& model, const Limits& limits)
      : model_(model), most_stages_(limits.stages), most_attempts_(limits.stage_attempts) {}

  HostRow Host(std::string_view name);
  [[nodiscard]] HostRow FindHost(std::string_view name) const;
  // "<driver>" of Spark 1.x is the driver.
  ExecutorRow Executor(std::string_view id);
  // The first host that an event names for it stays. Nothing happens without a name.
  void PlaceExecutor(ExecutorRow executor, std::string_view host);
  // The executor is there again (it was thought dead): ExecutorsOn may have dropped it.
  void PlaceAgain(ExecutorRow executor);
  // Those placed on the host that are live; others are dropped, so that each is looked at once after its end.
  template <class IsLive>
  std::span<const ExecutorRow> ExecutorsOn(HostRow host, const IsLive& is_live) {
    if (host.index >= executors_on_.size()) return {};
    std::erase_if(executors_on_[host.index], [&](ExecutorRow executor) {
      const bool gone = !is_live(executor);
      if (gone) dropped_.insert(executor.index);
      return gone;
    });
    return executors_on_[host.index];
  }
  // Invalid beyond the limits.
  StageRow Stage(std::int64_t id, std::int64_t attempt);
  // As many attempts of the stage have a row as may have one.
  [[nodiscard]] bool HasAllAttempts(std::int64_t stage_id) const;
  // Invalid: not mentioned yet.
  [[nodiscard]] StageRow FindStage(std::int64_t id, std::int64_t attempt) const;
  JobRow Job(std::int64_t id);
  [[nodiscard]] JobRow FindJob(std::int64_t id) const;
  SqlRow Sql(std::int64_t id);
  [[nodiscard]] SqlRow FindSql(std::int64_t id) const;

  // Calls f(row) for each attempt of the stage that was mentioned, from 0 on.
  template <class F>
  void ForEachAttempt(std::int64_t stage_id, F&& f) const {
    for (auto at = stages_.lower_bound({stage_id, 0}); at != stages_.end() && at->first.first == stage_id; ++at)
      f(StageRow(std::size_t{at->second}));
  }

 private:
  JobModel& model_;
  std::size_t most_stages_;
  std::size_t most_attempts_;  // of one stage
  std::unordered_map<std::string, std::uint32_t> hosts_;
  std::unordered_map<std::string, std::uint32_t> executors_;
  std::vector<std::vector<ExecutorRow>> executors_on_;                     // by host
  std::unordered_set<std::uint32_t> dropped_;                              // executors that left these lists
  std::map<std::pair<std::int64_t, std::int64_t>, std::uint32_t> stages_;  // (id, attempt)
  std::unordered_map<std::int64_t, std::size_t> attempts_;                 // by stage id
  std::unordered_map<std::int64_t, std::uint32_t> jobs_;
  std::unordered_map<std::int64_t, std::uint32_t> sql_;

  // Consecutive task events name the same few executors and stages.
  std::string last_executor_text_;
  ExecutorRow last_executor_;
  std::pair<std::int64_t, std::int64_t> last_stage_key_{kMissing, kMissing};
  StageRow last_stage_;
};

}  // namespace advise::model
