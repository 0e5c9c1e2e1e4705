// How many tasks an executor can run at once.
#pragma once

#include <cstdint>
#include <optional>

#include "model/job_model.h"

namespace advise::model {

// spark.task.cpus; 1 if unset or unreadable.
std::int64_t TaskCpus(const JobModel& model);

// True for local and local[…] masters: the driver runs the tasks, and executor resources are not used. Not for
// local-cluster[…], which starts executors of its own.
bool IsLocalMaster(std::string_view master);
// Cores of local, local[n] and local[n, failures]; nothing for local[*] (the log does not say how many processors there
// were) and for other masters.
std::optional<std::int64_t> CoresOfLocalMaster(std::string_view master);

// cores / task.cpus of the executor's resource profile (else of the settings), limited by every other resource that a
// task needs, as ResourceProfile.maxTasksPerExecutor. Nothing if the cores are unknown.
std::optional<std::int64_t> SlotsOf(const JobModel& model, ExecutorRow executor);

}  // namespace advise::model
