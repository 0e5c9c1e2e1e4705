// Reports that leave the company: names in the model are replaced before anything looks at it, so no output can hold
// them.
//
// Replaced: application name and id, user, hosts, paths, tables, columns, descriptions and SQL text, job groups, tags
// and pools, source files of the user, free texts of failures, and values of settings that may name one of these. The
// same name has the same pseudonym everywhere in one run: host-1, path-2, table-3, column-7 in the order in which the
// model first names them. What is kept: Spark's own words (operators, functions, types, methods, keys of settings),
// classes of published packages, names of exceptions of the JDK, Python, Spark and Hadoop, numbers, ids of stages, jobs and executors. What is not
// known to be one of these is replaced.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/job_model.h"
#include "model/log_info.h"

namespace advise::anonymise {

// `number` is the place of the log among those of the command, from 1: its path becomes "log-1".
void Anonymise(model::JobModel& model, model::LogInfo& log, std::size_t number);

// A message about reading a log: its path, the last part of it, and all that stands in backticks (members of archives,
// parts) replaced in the same way.
std::string AnonymousMessage(std::string_view message, std::string_view path, std::size_t number);
// The help beside it, whose backticks hold commands: the path alone is replaced.
std::string WithoutPath(std::string_view help, std::string_view path, std::size_t number);

}  // namespace advise::anonymise
