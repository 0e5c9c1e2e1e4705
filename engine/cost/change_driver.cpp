// What is not in tasks: the order of jobs, results on their way to the program.
#include <algorithm>

#include "cost/calibration.h"
#include "cost/change_models.h"

namespace advise::cost {

void ModelSchedulerMode(const SettingChange&, Change& change) {
  AtMost(change, EvidenceClass::C);
  change.question.effects.emplace_back(SetFair{change.to == "FAIR"});
  if (change.to == "FAIR") {
    Note(change,
         "Jobs share slots only if they run in pools of their own (spark.scheduler.pool); without them nothing "
         "changes.");
  }
}

// With Arrow the rows of toPandas come as columns: what the driver does between the last task and the next job is
// mostly making objects of rows.
void ModelArrow(const SettingChange& setting, Change& change) {
  AtMost(change, EvidenceClass::D);
  ScaleGaps collects{{}, setting.to > 0 ? calibration::kCollectWithArrow : calibration::kCollectWithoutArrow};
  for (std::uint32_t i = 0; i < setting.workload.gaps.size(); ++i) {
    if (setting.workload.gaps[i].kind == model::GapKind::Collect) collects.gaps.push_back(i);
  }
  if (collects.gaps.empty()) {
    return Note(change, "The driver spends no time on results that it fetched: nothing changes.");
  }
  change.question.effects.emplace_back(std::move(collects));
  Note(change, "Only toPandas and Python functions on pandas data go by Arrow; collect() does not.");
}

}  // namespace advise::cost
