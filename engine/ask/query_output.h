// The rows of a query as a table for people, CSV, or JSON.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>

#include "model/log_info.h"
#include "rules/bind/bind_query.h"
#include "rules/match/run_query.h"

namespace advise::ask {

// Columns under their names, numbers at the right, every value with its unit; a missing one is "-". Then what is not in
// the rows. Ends with a line end. `width`: names of the log are cut so that the table has room, down to 12 columns.
std::string QueryText(const rules::BoundQuery& query, const rules::QueryResult& result, std::size_t width, bool utf8);

// RFC 4180. The first record names the columns with their units: `duration [ms]`. Numbers are in these units and
// unrounded, a missing value is empty.
std::string QueryCsv(const rules::BoundQuery& query, const rules::QueryResult& result);

// {"advise", "log", "columns": [{"name", "unit"}], "rows": [[…]], "found", "unknown", "missing"}. Ends with a line end.
void WriteQueryJson(const rules::BoundQuery& query, const rules::QueryResult& result, const model::LogInfo& log,
                    std::ostream& out);

}  // namespace advise::ask
