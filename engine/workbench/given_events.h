// The events that a log would have of what a test gives, in the order in which Spark writes them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/job_model_builder.h"
#include "workbench/given_rows.h"

namespace advise::workbench {

// How the events name what is given: as it says itself where no other has the name.
struct GivenNames {
  struct Name {
    std::int64_t id = model::kMissing;  // jobs, stages, SQL executions
    std::int64_t attempt = 0;           // stages
    std::string text{};                 // executors, hosts
    friend auto operator<=>(const Name&, const Name&) = default;
  };
  std::vector<Name> names;               // one a given; empty where no event names it
  std::vector<std::uint32_t> task_rows;  // one an attempt: its row in the table that the builder makes
};

GivenNames TellEvents(const rules::BoundTest& test, const GivenRows& given, model::JobModelBuilder& builder);

}  // namespace advise::workbench
