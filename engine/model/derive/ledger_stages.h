// What the sweep of the ledger has to know of tasks and stages: lives, waves, long tasks and why they are long, tasks
// that wait. Private to derive/.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/derive/ledger_sweep.h"
#include "model/job_model.h"

namespace advise::model::ledger {

// One a row of tasks. `spans` as TaskSpans gives them.
std::vector<TaskLife> ReadLives(const JobModel& model, const std::vector<std::optional<Interval>>& spans,
                                Interval window);

// For each stage the last moment at which a task of it ran, or at which the log says that it still had some to run:
// kMissing for stages without either. Epoch ms.
std::vector<std::int64_t> LastEnds(const JobModel& model, const std::vector<TaskLife>& lives, Interval window);

// Fills stages, long_tasks and pending of the input, and the flags of its tasks that need the slots. Needs
// input.tasks and input.slots.
void ReadStages(const JobModel& model, const std::vector<std::int64_t>& last_ends, SweepInput& input);

}  // namespace advise::model::ledger
