// Reports that leave the company: names in the model are replaced before anything looks at it, so no output can hold
// them.
//
// Replaced: application name and id, user, hosts, paths, tables, columns, descriptions and SQL text, job groups, tags
// and pools, source files of the user, free texts of failures, and values of settings that may name one of these. The
// same name has the same pseudonym everywhere in one run: host-1, path-2, table-3, column-7 in the order in which the
// model first names them. What is kept: Spark's own words (operators, functions, types, exceptions), numbers, ids of
// stages, jobs and executors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/job_model.h"
#include "model/log_info.h"

namespace advise::anonymise {

// `number` is the place of the log among those of the command, from 1: its path becomes "log-1".
void Anonymise(model::JobModel& model, model::LogInfo& log, std::size_t number);

// A message about a log with its path (and its last part alone) replaced in the same way.
std::string WithoutPath(std::string_view message, std::string_view path, std::size_t number);

}  // namespace advise::anonymise
