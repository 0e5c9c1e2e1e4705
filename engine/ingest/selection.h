// Reading one query or job out of the log of an application that runs many (a thrift server, a notebook, a stream).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ingest/event_batch.h"
#include "model/run_part.h"

namespace advise::ingest {

// At most one is set; none: everything.
struct Selection {
  std::optional<std::int64_t> sql;
  std::optional<std::int64_t> job;
  [[nodiscard]] bool any() const { return sql || job; }
  // "SQL execution 7", "job 12"; empty: everything.
  [[nodiscard]] std::string Name() const;
};

// Decides event by event, in log order, what belongs to the selection. Spark announces a query before its jobs, a job
// before its stages, a stage before its tasks; what comes before its announcement is left out.
class EventFilter {
 public:
  explicit EventFilter(Selection selection) : selection_(selection) {}

  // Whether the builder is to be told.
  bool Keeps(const OtherEvent& event);
  [[nodiscard]] bool Keeps(const model::TaskInfo& task) const {
    return live_stages_.contains({task.stage_id, task.stage_attempt});
  }

  // What was selected is in the log.
  [[nodiscard]] bool found() const { return found_; }
  [[nodiscard]] model::RunPart part() const;
  // The ids of this kind that the log has, as "0..27, 30"; empty: none.
  [[nodiscard]] std::string KnownIds() const;

 private:
  bool On(const model::SqlStart& event);
  bool On(const model::SqlEnd& event);
  bool On(const model::JobStart& event);
  bool On(const model::JobEnd& event);
  bool On(const model::StageSubmitted& event);
  // Of job selections the execution is not known before its job: all are kept, and CutToPart drops the others.
  [[nodiscard]] bool KeepsSql(std::int64_t id) const { return selection_.job || sql_.contains(id); }
  [[nodiscard]] bool IsLive(const model::StageInfo& stage) const {
    return live_stages_.contains({stage.id, stage.attempt});
  }

  Selection selection_;
  bool found_ = false;
  std::int64_t start_ = model::kMissing;
  std::int64_t end_ = model::kMissing;
  std::set<std::int64_t> known_;                                    // ids of the selected kind
  std::set<std::int64_t> sql_;                                      // executions that belong to it
  std::map<std::int64_t, std::vector<std::int64_t>> running_jobs_;  // job → stage ids that it lists
  std::set<std::int64_t> jobs_;
  std::set<std::pair<std::int64_t, std::int64_t>> live_stages_;  // (id, attempt)
};

}  // namespace advise::ingest
