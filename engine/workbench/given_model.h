// The job of a test: what it gives, with everything that follows from that, computed by the code that serves real logs.
// grammar/README.md ("What a test gives") tells authors what is set, what follows, and what stays missing.
#pragma once

#include <cstdint>
#include <vector>

#include "model/job_model.h"
#include "rules/bind/bound_test.h"

namespace advise::workbench {

struct GivenModel {
  model::JobModel model;
  std::vector<std::uint32_t> rows;  // one a given: its row in the table of its entity
};

// `test` is not broken and reads no log.
GivenModel MakeModel(const rules::BoundTest& test);

}  // namespace advise::workbench
